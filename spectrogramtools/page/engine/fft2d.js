// The two-dimensional Fourier transform of a picture of any size, in float32, in the kernels' memory.

import { spectrum } from "./arrays.js";
import { LARGEST, factors, fft, nextFastLength } from "./fft.js";
import { kernels, numbersAt, room } from "./memory.js";

/** @typedef {import("./arrays.js").Matrix} Matrix */
/** @typedef {import("./arrays.js").Spectrum} Spectrum */

/**
 * What the kernel wants to know of a length.
 * @typedef {object} Plan
 * @property {number} count
 * @property {number} length at which it is transformed
 * @property {Int32Array} radices of this length, and a 0
 * @property {Float32Array} roots the cosines of one turn, and then the sines, negative
 * @property {Float32Array} chirp empty where the two lengths are one
 */

const FLOAT = 4;
// Bytes of a complex number in four lanes.
const NUMBER = 32;

/**
 * The two-dimensional DFT of a spectrum, or of a picture as its real part: cell (k, n) is at n * bins + k.
 * @param {Spectrum} S
 * @returns {Spectrum}
 */
export function fft2(S) {
  const out = spectrum(S.bins, S.frames);
  const cells = S.bins * S.frames;
  const plans = [planFor(S.bins), planFor(S.frames)];
  const sizes = plans.flatMap(({ radices, roots, chirp }) => [radices, roots, chirp].map((list) => list.byteLength));
  const work = 2 * Math.max(...plans.map(({ length }) => length)) * NUMBER;
  const [re, im, workAt, ...places] = room(cells * FLOAT, cells * FLOAT, work, ...sizes);
  numbersAt(Float32Array, re, cells).set(S.re);
  numbersAt(Float32Array, im, cells).set(S.im);
  const [alongFrequency, alongTime] = plans.map(({ count, length, radices, roots, chirp }, axis) => {
    const at = places.slice(3 * axis, 3 * axis + 3);
    numbersAt(Int32Array, at[0], radices.length).set(radices);
    numbersAt(Float32Array, at[1], roots.length).set(roots);
    numbersAt(Float32Array, at[2], chirp.length).set(chirp);
    return (/** @type {number} */ step, /** @type {number} */ many, /** @type {number} */ apart) =>
      kernels().transforms(re, im, count, step, many, apart, length, at[0], at[1], at[2], workAt);
  });
  alongFrequency(FLOAT, S.frames, S.bins * FLOAT);
  alongTime(S.bins * FLOAT, S.bins, FLOAT);
  out.re.set(numbersAt(Float32Array, re, cells));
  out.im.set(numbersAt(Float32Array, im, cells));
  return out;
}

/**
 * The inverse of `fft2`.
 * @param {Spectrum} S
 * @returns {Spectrum}
 */
export function ifft2(S) {
  const { re, im, ...shape } = fft2({ ...S, re: S.im, im: S.re });
  const scale = 1 / re.length;
  for (let i = 0; i < re.length; i++) [re[i], im[i]] = [im[i] * scale, re[i] * scale];
  return { ...shape, re, im };
}

/**
 * @param {number} count
 * @returns {Plan}
 */
function planFor(count) {
  const direct = factors(count).every((radix) => radix <= LARGEST);
  const length = direct ? count : nextFastLength(2 * count - 1);
  const chirp = direct ? new Float32Array(0) : chirpOf(count, length);
  return { count, length, radices: Int32Array.of(...factors(length), 0), roots: oneTurn(length), chirp };
}

/**
 * @param {number} steps
 */
function oneTurn(steps) {
  const roots = new Float32Array(2 * steps);
  for (let k = 0; k < steps; k++) {
    roots[k] = Math.cos((2 * Math.PI * k) / steps);
    roots[steps + k] = -Math.sin((2 * Math.PI * k) / steps);
  }
  return roots;
}

/**
 * With -2 j k = (j - k)^2 - j^2 - k^2 a DFT becomes a convolution with a chirp: what is multiplied with before and
 * after, and the spectrum of the chirp.
 * @param {number} count
 * @param {number} length
 */
function chirpOf(count, length) {
  const chirp = new Float32Array(2 * (count + length));
  const [re, im] = [new Float64Array(length), new Float64Array(length)];
  for (let k = 0; k < count; k++) {
    const turn = (Math.PI * ((k * k) % (2 * count))) / count;
    [chirp[k], chirp[count + k]] = [Math.cos(turn), -Math.sin(turn)];
    for (const place of k ? [k, length - k] : [0]) [re[place], im[place]] = [Math.cos(turn), Math.sin(turn)];
  }
  const filter = fft(re, im);
  chirp.set(filter.re.map((v) => v / length), 2 * count);
  chirp.set(filter.im.map((v) => v / length), 2 * count + length);
  return chirp;
}
