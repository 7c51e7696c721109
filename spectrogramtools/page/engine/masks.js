// Masks: how much of each spectrogram cell belongs to a source, from 0 to 1.
//
// Multiplied with the mixture's spectrogram a mask turns the mixture down where the source is not, and leaves the
// mixture's phase as it is.

import { matrix, precision, spectrum } from "./arrays.js";

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
  const [M, rest] = [like(A), like(A)];
  for (let i = 0; i < M.data.length; i++) {
    // Written with the ratio nothing is lost at any scale: one that overflows to infinity gives the mask 0.
    const ratio = B.data[i] / A.data[i];
    const share = 1 / (1 + (power === 1 ? ratio : ratio ** power));
    M.data[i] = share === share ? share : 0.5;
    rest.data[i] = 1 - M.data[i];
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
  const round = precision(A.data) === Float32Array ? Math.fround : Number;
  const [M, other] = [like(A), like(A)];
  for (let i = 0; i < M.data.length; i++) {
    const [a, b] = [A.data[i], B.data[i]];
    M.data[i] = a >= round(round(margin) * b) ? 1 : 0;
    other.data[i] = b > round(round(margin) * a) ? 1 : 0;
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
  const M = like(A);
  for (let i = 0; i < M.data.length; i++) {
    M.data[i] = A.data[i] > 0 ? Math.min(model.data[i], A.data[i]) / A.data[i] : 1;
  }
  return M;
}

/**
 * How much of what sticks out of the model is foreground, row by row: 1 all of it, 0 nothing. In each third of an octave
 * it is 1 - missing / sticking out, of energies, and at least 0: a foreground adds, so where the mixture is weaker than
 * the model, the model is wrong, and it is wrong as often in the other direction.
 * @param {Matrix} A
 * @param {Matrix} model shaped like A
 * @returns {Float32Array} one number for each bin; between the middles of the bands on straight lines
 */
export function foregroundTrust(A, model) {
  const sticksOut = new Float64Array(A.bins);
  const isMissing = new Float64Array(A.bins);
  for (let n = 0, i = 0; n < A.frames; n++) {
    for (let k = 0; k < A.bins; k++, i++) {
      const over = A.data[i] - model.data[i];
      if (over > 0) sticksOut[k] += over * over;
      else isMissing[k] += over * over;
    }
  }
  const starts = bandStarts(A.bins);
  const ends = [...starts.slice(1), A.bins];
  const values = starts.map((start, band) => {
    const [out, missing] = [sticksOut, isMissing].map((all) => all.subarray(start, ends[band]).reduce((a, b) => a + b, 0));
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
  const M = like(A);
  const trust = foregroundTrust(A, model);
  const powers = trust.map((t) => 1 + t ** 8);
  for (let n = 0, i = 0; n < A.frames; n++) {
    for (let k = 0; k < A.bins; k++, i++) {
      const repeating = Math.min(model.data[i], A.data[i]);
      const share = A.data[i] > 0 ? 1 / (1 + ((A.data[i] - repeating) / repeating) ** powers[k]) : 1;
      M.data[i] = 1 - trust[k] * (1 - share);
    }
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

/** @param {Matrix} A */
function like({ bins, frames, data }) {
  return matrix(bins, frames, precision(data));
}
