// A signal's frames and their spectra: what the STFT and its inverse do frame by frame.
//
// Windows of a power of two samples go through kernels/fourier.ts, all others through fft.js.

import { precision, spectrum } from "./arrays.js";
import { irfft, rfft } from "./fft.js";
import { kernels, numbersAt, room } from "./memory.js";

/** @typedef {import("./arrays.js").Numbers} Numbers */
/** @typedef {import("./arrays.js").Matrix} Matrix */
/** @typedef {import("./arrays.js").Precision} Precision */
/** @typedef {import("./arrays.js").Spectrum} Spectrum */

/**
 * The spectra of all whole frames of y, the first of which begins at its first sample.
 * @param {Numbers} y
 * @param {Numbers} window of y's precision
 * @param {number} hopLength
 * @returns {Spectrum}
 */
export function analyse(y, window, hopLength) {
  const { length } = window;
  const S = spectrum(1 + Math.floor(length / 2), 1 + Math.floor((y.length - length) / hopLength), precision(y));
  if (hasKernel(length)) {
    const at = placed(y.length, window, S);
    at.y.set(y);
    const kernel = at.Type === Float32Array ? kernels().analyse32 : kernels().analyse64;
    kernel(at.y.byteOffset, at.window, at.roots, length, hopLength, S.frames, at.re.byteOffset, at.im.byteOffset, at.work);
    S.re.set(at.re);
    S.im.set(at.im);
    return S;
  }
  const frame = new Float64Array(length);
  for (let n = 0; n < S.frames; n++) {
    for (let i = 0, from = n * hopLength; i < length; i++) frame[i] = window[i] * y[from + i];
    const { re, im } = rfft(frame);
    S.re.set(re, n * S.bins);
    S.im.set(im, n * S.bins);
  }
  return S;
}

/**
 * Overlap-add of the windowed frames of S, without dividing by the window sum.
 * @param {Spectrum} S
 * @param {Numbers} window of the precision of S
 * @param {number} hopLength
 * @param {Matrix | null} [M] a mask to lay on S before
 * @returns {Numbers}
 */
export function synthesise(S, window, hopLength, M = null) {
  const { length } = window;
  const y = new (precision(S.re))(length + hopLength * (S.frames - 1));
  if (hasKernel(length)) {
    const at = placed(y.length, window.map((w) => w / length), S);
    at.y.fill(0);
    masked(S, M, at);
    const kernel = at.Type === Float32Array ? kernels().synthesise32 : kernels().synthesise64;
    kernel(at.y.byteOffset, at.window, at.roots, length, hopLength, S.frames, at.re.byteOffset, at.im.byteOffset, at.work);
    y.set(at.y);
    return y;
  }
  const { re, im } = M ? masked(S, M, spectrum(S.bins, S.frames, precision(S.re))) : S;
  for (let n = 0; n < S.frames; n++) {
    const [from, to] = [n * S.bins, (n + 1) * S.bins];
    const frame = irfft(re.subarray(from, to), im.subarray(from, to), length);
    for (let i = 0, at = n * hopLength; i < length; i++) y[at + i] += window[i] * frame[i];
  }
  return y;
}

/**
 * @template {{ re: Numbers, im: Numbers }} T
 * @param {Spectrum} S
 * @param {Matrix | null} M
 * @param {T} to
 */
function masked({ re, im }, M, to) {
  if (!M) {
    to.re.set(re);
    to.im.set(im);
    return to;
  }
  for (let i = 0; i < re.length; i++) {
    to.re[i] = M.data[i] * re[i];
    to.im[i] = M.data[i] * im[i];
  }
  return to;
}

/** @param {number} length */
function hasKernel(length) {
  return length >= 4 && Number.isInteger(Math.log2(length));
}

/** @type {Numbers | undefined} */
let turn;

/**
 * Room for a signal and its spectra in the kernels' memory, with window and roots of unity in their places.
 * @param {number} samples
 * @param {Numbers} window
 * @param {Spectrum} S
 */
function placed(samples, window, { re }) {
  const Type = precision(re);
  const { length } = window;
  if (turn?.length !== 2 * length || precision(turn) !== Type) turn = oneTurn(length, Type);
  const size = Type.BYTES_PER_ELEMENT;
  const sizes = [samples, length, 2 * length, re.length, re.length].map((n) => n * size);
  const [yAt, windowAt, roots, reAt, imAt, work] = room(...sizes, 32 * length);
  numbersAt(Type, windowAt, length).set(window);
  numbersAt(Type, roots, turn.length).set(turn);
  const [y, real, imaginary] = [numbersAt(Type, yAt, samples), numbersAt(Type, reAt, re.length), numbersAt(Type, imAt, re.length)];
  return { Type, y, window: windowAt, roots, re: real, im: imaginary, work };
}

/**
 * The cosines of one turn in so many steps, and then the sines, negative.
 * @param {number} steps
 * @param {Precision} Type
 * @returns {Numbers}
 */
function oneTurn(steps, Type) {
  const roots = new Type(2 * steps);
  for (let k = 0; k < steps; k++) {
    roots[k] = Math.cos((2 * Math.PI * k) / steps);
    roots[steps + k] = -Math.sin((2 * Math.PI * k) / steps);
  }
  return roots;
}
