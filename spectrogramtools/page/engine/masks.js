// Masks: how much of each spectrogram cell belongs to a source, from 0 to 1.
//
// Multiplied with the mixture's spectrogram a mask turns the mixture down where the source is not, and leaves the
// mixture's phase as it is. Masks are float32.

import { matrix, precision, spectrum } from "./arrays.js";
import { CELLS, kernels, numbersAt, room } from "./memory.js";

/** @typedef {import("./arrays.js").Matrix} Matrix */
/** @typedef {import("./arrays.js").Spectrum} Spectrum */

/**
 * Share each cell between two sources: A^p / (A^p + B^p), and the rest; 0.5 where both are silent.
 * @param {Matrix} A
 * @param {Matrix} B shaped like A
 * @param {number} [power] p, more than 0
 * @returns {[Matrix, Matrix]}
 */
export function softMasks(A, B, power = 1) {
  const [M, rest] = [matrix(A.bins, A.frames), matrix(A.bins, A.frames)];
  const [aAt, bAt, maskAt, restAt] = room(4 * CELLS, 4 * CELLS, 4 * CELLS, 4 * CELLS);
  for (let from = 0; from < M.data.length; from += CELLS) {
    const count = Math.min(CELLS, M.data.length - from);
    numbersAt(Float32Array, aAt, count).set(A.data.subarray(from, from + count));
    numbersAt(Float32Array, bAt, count).set(B.data.subarray(from, from + count));
    kernels().softMasks(aAt, bAt, maskAt, restAt, count, power);
    M.data.set(numbersAt(Float32Array, maskAt, count), from);
    rest.data.set(numbersAt(Float32Array, restAt, count), from);
  }
  return [M, rest];
}

/**
 * Give each cell to the source that is at least `margin` times the other: A >= margin * B, and B > margin * A.
 * @param {Matrix} A
 * @param {Matrix} B shaped like A
 * @param {number} [margin] from 1; with 1 the masks sum to one and a tie goes to A
 * @returns {[Matrix, Matrix]}
 */
export function binaryMasks(A, B, margin = 1) {
  const [M, other] = [matrix(A.bins, A.frames), matrix(A.bins, A.frames)];
  const times = Math.fround(margin);
  for (let i = 0; i < M.data.length; i++) {
    M.data[i] = Number(A.data[i] >= Math.fround(times * B.data[i]));
    other.data[i] = Number(B.data[i] > Math.fround(times * A.data[i]));
  }
  return [M, other];
}

/**
 * The share of each cell that the repeating model explains: min(model, A) / A, and 1 where A is 0.
 * @param {Matrix} A
 * @param {Matrix} model shaped like A
 * @returns {Matrix}
 */
export function repeatingMask(A, model) {
  const M = matrix(A.bins, A.frames);
  for (let i = 0; i < M.data.length; i++) {
    M.data[i] = A.data[i] > 0 ? Math.min(model.data[i], A.data[i]) / A.data[i] : 1;
  }
  return M;
}

/**
 * How much of what sticks out of the model is foreground, row by row: 1 all of it, 0 nothing. In each third of an
 * octave it is 1 - missing / sticking out, of energies, and at least 0: a foreground adds, so where the mixture is
 * weaker than the model, the model is wrong, and it is wrong as often in the other direction.
 * @param {Matrix} A
 * @param {Matrix} model shaped like A
 * @returns {Float32Array} one number for each bin; between the middles of the bands on straight lines
 */
export function foregroundTrust(A, model) {
  const { bins, frames } = A;
  const together = Math.ceil(CELLS / bins);
  const bytes = 4 * (bins * together + 4);
  const [aAt, modelAt, overAt, underAt] = room(bytes, bytes, 8 * (bins + 4), 8 * (bins + 4));
  const [sticksOut, isMissing] = [overAt, underAt].map((at) => numbersAt(Float64Array, at, bins).fill(0));
  for (let n = 0; n < frames; n += together) {
    const some = Math.min(together, frames - n);
    const [from, to] = [n * bins, (n + some) * bins];
    numbersAt(Float32Array, aAt, to - from).set(A.data.subarray(from, to));
    numbersAt(Float32Array, modelAt, to - from).set(model.data.subarray(from, to));
    kernels().deviations(aAt, modelAt, overAt, underAt, bins, some);
  }
  const starts = bandStarts(A.bins);
  const ends = [...starts.slice(1), A.bins];
  const values = starts.map((start, band) => {
    const energy = (/** @type {Float64Array} */ all) => all.subarray(start, ends[band]).reduce((a, b) => a + b, 0);
    const [out, missing] = [energy(sticksOut), energy(isMissing)];
    return out > missing ? 1 - missing / out : 0;
  });
  const middles = starts.map((start, band) => (start + ends[band] - 1) / 2);
  return Float32Array.from({ length: A.bins }, (_, k) => {
    const above = middles.findIndex((middle) => middle > k);
    if (above <= 0) return values[above === 0 ? 0 : values.length - 1];
    const part = (k - middles[above - 1]) / (middles[above] - middles[above - 1]);
    return values[above - 1] + part * (values[above] - values[above - 1]);
  });
}

/**
 * The background's mask, fitted to how exactly it repeats: 1 - trust * (the foreground's share), where the foreground's
 * share is a soft mask of the power 1 + trust^8; and 1 where A is 0.
 * @param {Matrix} A
 * @param {Matrix} model shaped like A
 * @returns {Matrix}
 */
export function fittedMask(A, model) {
  const { bins, frames } = A;
  const M = matrix(bins, frames);
  const trust = foregroundTrust(A, model);
  const together = Math.ceil(CELLS / bins);
  const bytes = 4 * (bins * together + 4);
  const [aAt, modelAt, maskAt, trustAt, powersAt] = room(bytes, bytes, bytes, 4 * bins + 16, 4 * bins + 16);
  numbersAt(Float32Array, trustAt, bins).set(trust);
  numbersAt(Float32Array, powersAt, bins).set(trust.map((t) => 1 + t ** 8));
  for (let n = 0; n < frames; n += together) {
    const some = Math.min(together, frames - n);
    const [from, to] = [n * bins, (n + some) * bins];
    numbersAt(Float32Array, aAt, to - from).set(A.data.subarray(from, to));
    numbersAt(Float32Array, modelAt, to - from).set(model.data.subarray(from, to));
    kernels().fittedMask(aAt, modelAt, maskAt, trustAt, powersAt, bins, some);
    M.data.set(numbersAt(Float32Array, maskAt, to - from), from);
  }
  return M;
}

/**
 * The masked spectrogram, with the mixture's phase.
 * @param {Spectrum} S
 * @param {Matrix} M shaped like S
 * @returns {Spectrum}
 */
export function applyMask(S, M) {
  const out = spectrum(S.bins, S.frames, precision(S.re));
  for (let i = 0; i < out.re.length; i++) {
    out.re[i] = M.data[i] * S.re[i];
    out.im[i] = M.data[i] * S.im[i];
  }
  return out;
}

/**
 * Magnitudes with the phase of a spectrogram; phase 0 where that is 0.
 * @param {Matrix} A
 * @param {Spectrum} S shaped like A
 * @returns {Spectrum}
 */
export function withPhaseOf(A, S) {
  const out = spectrum(A.bins, A.frames, precision(A.data));
  for (let i = 0; i < out.re.length; i++) {
    const found = Math.sqrt(S.re[i] * S.re[i] + S.im[i] * S.im[i]);
    out.re[i] = found ? (A.data[i] * S.re[i]) / found : A.data[i];
    out.im[i] = found ? (A.data[i] * S.im[i]) / found : 0;
  }
  return out;
}

/**
 * The first rows of bands of a third of an octave, the lowest seven rows in one.
 * @param {number} bins
 */
function bandStarts(bins) {
  const starts = [0];
  // A last band of a few rows would say little.
  for (let k = 0, start = 7; start * 2 ** (1 / 6) < bins; start = Math.round(7 * 2 ** (++k / 3))) starts.push(start);
  return starts;
}
