// The short-time Fourier transform and its least-squares inverse.
//
// Frame i is centred on sample i * hopLength, with zeros beyond both ends of the signal. The window is the half-sine
// unless another one is given; the same one serves analysis and synthesis. The inverse is overlap-add of the windowed
// frames, divided by the sum of the squared windows, and 0 where that sum is below 1 % of its steady value.
// Results have the precision of what they are made from.

import { matrix, precision } from "./arrays.js";
import { analyse, synthesise } from "./frames.js";

/** @typedef {import("./arrays.js").Numbers} Numbers */
/** @typedef {import("./arrays.js").Matrix} Matrix */
/** @typedef {import("./arrays.js").Spectrum} Spectrum */
/** @typedef {(winLength: number) => Float64Array} WindowFunction */

// Below this part of the window sum's steady value a sample counts as not covered.
export const COVERED = 0.01;
// How long a window lasts where nobody asks for another length: 2048 samples at 22.05 kHz.
const SECONDS = 2048 / 22050;

/** @type {WindowFunction} Half a period of a sine. */
export function halfsine(winLength) {
  return Float64Array.from({ length: winLength }, (_, n) => Math.sin((Math.PI * n) / winLength));
}

/** @type {WindowFunction} The periodic Hann window. */
export function hann(winLength) {
  return Float64Array.from({ length: winLength }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / winLength));
}

/** @type {WindowFunction} Ones. */
export function rectangular(winLength) {
  return new Float64Array(winLength).fill(1);
}

/**
 * The window, a power of two in samples, that lasts nearest to so many seconds.
 * @param {number} seconds
 * @param {number} sr
 */
export function lasting(seconds, sr) {
  return 2 ** Math.max(4, Math.round(Math.log2(seconds * sr)));
}

/**
 * Window and hop in samples: as asked for, or 93 ms and a quarter of the window.
 * @param {number} sr
 * @param {number | null} [winLength]
 * @param {number | null} [hopLength]
 */
export function lengths(sr, winLength, hopLength) {
  const length = winLength ?? lasting(SECONDS, sr);
  return { winLength: length, hopLength: hopLength ?? Math.max(1, Math.floor(length / 4)) };
}

/**
 * The spectrogram of one channel.
 * @param {Numbers} y
 * @param {number} winLength samples
 * @param {number} hopLength samples
 * @param {WindowFunction} [winfunc]
 * @returns {Spectrum} 1 + floor(winLength / 2) bins
 */
export function stft(y, winLength, hopLength, winfunc = halfsine) {
  const half = Math.floor(winLength / 2);
  const padded = new (precision(y))(y.length + 2 * half);
  padded.set(y, half);
  return analyse(padded, sampled(winfunc, winLength, y), hopLength);
}

/**
 * The least-squares inverse of `stft`.
 * @param {Spectrum} S
 * @param {number} winLength as it was given to `stft`
 * @param {number} hopLength as it was given to `stft`
 * @param {number} [length] samples to return, cut or filled with zeros; or else what the frames span
 * @param {WindowFunction} [winfunc] as it was given to `stft`
 * @param {Matrix | null} [M] a mask to lay on S before
 * @returns {Numbers}
 */
export function istft(S, winLength, hopLength, length, winfunc = halfsine, M = null) {
  const window = sampled(winfunc, winLength, S.re);
  const gain = synthesisGain(window, hopLength, S.frames);
  const padded = synthesise(S, window, hopLength, M);
  const half = Math.floor(winLength / 2);
  const y = new (precision(S.re))(length ?? Math.max(0, padded.length - 2 * half));
  const end = Math.min(y.length, padded.length - half);
  for (let i = 0; i < end; i++) y[i] = gain[half + i] * padded[half + i];
  return y;
}

/**
 * The absolute values of a spectrogram.
 * @param {Spectrum} S
 * @returns {Matrix}
 */
export function magnitudes({ bins, frames, re, im }) {
  const A = matrix(bins, frames, precision(re));
  const { data } = A;
  for (let i = 0; i < data.length; i++) data[i] = Math.sqrt(re[i] * re[i] + im[i] * im[i]);
  return A;
}

/**
 * The window's samples, in the precision of `like`.
 * @param {WindowFunction} winfunc
 * @param {number} winLength
 * @param {Numbers} like
 * @returns {Numbers}
 */
export function sampled(winfunc, winLength, like) {
  return new (precision(like))(winfunc(winLength));
}

/** @type {{ window: Numbers, hopLength: number, frames: number, gain: Numbers } | undefined} */
let last;

/**
 * One over the sum of squared windows at every sample, and 0 where that sum is below 1 % of its steady value. The last
 * one is kept: while a slider moves, it stays the same.
 * @param {Numbers} window
 * @param {number} hopLength
 * @param {number} frames
 * @returns {Numbers} not to be written to
 */
export function synthesisGain(window, hopLength, frames) {
  const same = last?.hopLength === hopLength && last.frames === frames && precision(last.window) === precision(window);
  if (last && same && last.window.length === window.length && last.window.every((w, i) => w === window[i])) {
    return last.gain;
  }
  /** @type {Numbers} */
  const squared = window.map((w) => w * w);
  const gain = new (precision(window))(window.length + hopLength * (frames - 1));
  const least = (COVERED * total(squared)) / hopLength;
  const reach = Math.ceil(window.length / hopLength); // so many hops are covered by a frame
  for (let hop = 0; hop < frames + reach - 1; hop++) {
    const start = hop * hopLength;
    if (hop >= reach && hop < frames) {
      gain.copyWithin(start, start - hopLength, start);
      continue;
    }
    // A sample's last frame first, as in the module, so that what lies on the edge of 1 % is rounded to the same side.
    for (let part = Math.max(0, hop - frames + 1); part <= Math.min(hop, reach - 1); part++) {
      const from = part * hopLength;
      const count = Math.min(hopLength, window.length - from);
      for (let i = 0; i < count; i++) gain[start + i] += squared[from + i];
    }
    const end = Math.min(start + hopLength, gain.length);
    for (let i = start; i < end; i++) gain[i] = gain[i] >= least ? 1 / gain[i] : 0;
  }
  last = { window, hopLength, frames, gain };
  return gain;
}

/** @param {Numbers} numbers */
function total(numbers) {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}
