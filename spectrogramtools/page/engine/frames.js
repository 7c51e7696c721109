// A signal's frames and their spectra: what the STFT and its inverse do frame by frame.
//
// Windows of a power of two samples go through kernels/fourier.ts, all others through fft.js.

import { precision, spectrum } from "./arrays.js";
import { irfft, rfft } from "./fft.js";
import { applyMask } from "./masks.js";
import { kernels, numbersAt, room } from "./memory.js";

/** @typedef {import("./arrays.js").Matrix} Matrix */
/** @typedef {import("./arrays.js").Numbers} Numbers */
/** @typedef {import("./arrays.js").Precision} Precision */
/** @typedef {import("./arrays.js").Spectrum} Spectrum */

// Frames that go through the kernels at a time: what is made of them stays in the cache.
const BLOCK = 128;

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
    const { signal, re, im, rest } = placed(y.length, window, S);
    signal.set(y);
    const { analyse32, analyse64 } = kernels();
    const kernel = y instanceof Float32Array ? analyse32 : analyse64;
    for (const { first, frames, from, to } of blocks(S)) {
      const start = signal.byteOffset + first * hopLength * signal.BYTES_PER_ELEMENT;
      kernel(start, re.byteOffset, im.byteOffset, frames, length, hopLength, ...rest);
      S.re.set(re.subarray(0, to - from), from);
      S.im.set(im.subarray(0, to - from), from);
    }
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
  const single = S.re instanceof Float32Array;
  if (M && !(single && hasKernel(length))) return synthesise(applyMask(S, M), window, hopLength);
  const y = new (precision(S.re))(length + hopLength * (S.frames - 1));
  if (hasKernel(length)) {
    const { signal, re, im, mask, rest } = placed(y.length, window.map((w) => w / length), S);
    signal.fill(0);
    const { product, synthesise32, synthesise64 } = kernels();
    const kernel = single ? synthesise32 : synthesise64;
    for (const { first, frames, from, to } of blocks(S)) {
      re.set(S.re.subarray(from, to));
      im.set(S.im.subarray(from, to));
      if (M) {
        mask.set(M.data.subarray(from, to));
        product(re.byteOffset, mask.byteOffset, to - from);
        product(im.byteOffset, mask.byteOffset, to - from);
      }
      const start = signal.byteOffset + first * hopLength * signal.BYTES_PER_ELEMENT;
      kernel(start, re.byteOffset, im.byteOffset, frames, length, hopLength, ...rest);
    }
    y.set(signal);
    return y;
  }
  for (let n = 0; n < S.frames; n++) {
    const [from, to] = [n * S.bins, (n + 1) * S.bins];
    const frame = irfft(S.re.subarray(from, to), S.im.subarray(from, to), length);
    for (let i = 0, at = n * hopLength; i < length; i++) y[at + i] += window[i] * frame[i];
  }
  return y;
}

/**
 * All frames, some at a time: `frames` from `first` on, which are the cells `from` up to `to`.
 * @param {Spectrum} S
 */
function* blocks({ bins, frames: all }) {
  for (let first = 0; first < all; first += BLOCK) {
    const frames = Math.min(BLOCK, all - first);
    yield { first, frames, from: first * bins, to: (first + frames) * bins };
  }
}

/** @param {number} length */
function hasKernel(length) {
  return length >= 4 && Number.isInteger(Math.log2(length));
}

/** @type {Numbers | undefined} */
let turn;

/**
 * Room for a signal, a block of its spectra and a mask in the kernels' memory; and where the rest is that the kernels
 * ask for: the window, the roots of unity, and room to work in.
 * @param {number} samples
 * @param {Numbers} window
 * @param {Spectrum} S
 * @returns {{ signal: Numbers, re: Numbers, im: Numbers, mask: Numbers, rest: [number, number, number] }}
 */
function placed(samples, window, { bins, frames, re }) {
  const Type = precision(re);
  const cells = bins * Math.min(BLOCK, frames);
  const { length } = window;
  if (turn?.length !== 2 * length || precision(turn) !== Type) turn = oneTurn(length, Type);
  const sizes = [samples, cells, cells, cells, length, 2 * length].map((n) => n * Type.BYTES_PER_ELEMENT);
  const places = room(...sizes, 32 * length);
  numbersAt(Type, places[4], length).set(window);
  numbersAt(Type, places[5], turn.length).set(turn);
  return {
    signal: numbersAt(Type, places[0], samples),
    re: numbersAt(Type, places[1], cells),
    im: numbersAt(Type, places[2], cells),
    mask: numbersAt(Type, places[3], cells),
    rest: [places[4], places[5], places[6]],
  };
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
