// From a model of the background to masks: what REPET, REPET-SIM and 2DFT have in common.

import { matrix } from "./arrays.js";
import { binaryMasks, fittedMask, softMasks } from "./masks.js";

/** @typedef {import("./arrays.js").Numbers} Numbers */
/** @typedef {import("./arrays.js").Matrix} Matrix */
/** @typedef {import("./arrays.js").Spectrum} Spectrum */
/** @typedef {"fitted" | "soft" | "binary"} MaskName */
/** @typedef {{ mask?: MaskName, power?: number, highpassBins?: number }} MaskSettings */

/**
 * The masks of a background of which a model is known, and of the rest.
 *
 * min(model, A) is the background's part of a cell and the rest the foreground's. "soft" shares the cell between them
 * as in HPSS, "binary" gives it to the larger, and "fitted" is `fittedMask`.
 * @param {Matrix} A
 * @param {Matrix} model shaped like A
 * @param {MaskSettings} [settings]
 * @returns {[Matrix, Matrix]}
 */
export function backgroundMasks(A, model, { mask = "fitted", power = 1, highpassBins = 0 } = {}) {
  const background = mask === "fitted" ? fittedMask(A, model) : shared(A, model, mask, power);
  const foreground = matrix(A.bins, A.frames);
  const rows = Math.min(highpassBins, A.bins);
  for (let n = 0; n < A.frames; n++) background.data.fill(1, n * A.bins, n * A.bins + rows);
  for (let i = 0; i < foreground.data.length; i++) foreground.data[i] = 1 - background.data[i];
  return [background, foreground];
}

/**
 * Background and foreground of one channel.
 * @param {{ y: Numbers, S: Spectrum, sound: (S: Spectrum, M: Matrix) => Numbers }} mixture
 * @param {Matrix} M the background's mask
 * @returns {[Numbers, Numbers]} which add up to the channel
 */
export function parted(mixture, M) {
  const background = mixture.sound(mixture.S, M);
  const foreground = mixture.y.slice();
  for (let i = 0; i < foreground.length; i++) foreground[i] -= background[i];
  return [background, foreground];
}

/**
 * The mask that is asked for; but what is fitted to how exactly they repeat needs three repetitions. The median of two
 * is their mean, from which both are equally far: nothing there says how exact they are.
 * @param {MaskName} mask
 * @param {number} repetitions
 * @returns {MaskName}
 */
export function maskFor(mask, repetitions) {
  return mask === "fitted" && repetitions < 3 ? "soft" : mask;
}

/**
 * How many rows of the spectrogram lie below `highpass` Hz.
 * @param {number} highpass
 * @param {number} sr
 * @param {number} winLength
 */
export function rowsBelow(highpass, sr, winLength) {
  return Math.ceil((Math.min(highpass, sr) * winLength) / sr);
}

/**
 * The background's mask, soft or binary.
 * @param {Matrix} A
 * @param {Matrix} model
 * @param {MaskName} mask
 * @param {number} power
 */
function shared(A, model, mask, power) {
  const repeating = matrix(A.bins, A.frames);
  const rest = matrix(A.bins, A.frames);
  for (let i = 0; i < A.data.length; i++) {
    repeating.data[i] = Math.min(model.data[i], A.data[i]);
    rest.data[i] = A.data[i] - repeating.data[i];
  }
  if (mask === "binary") return binaryMasks(repeating, rest)[0];
  const [background] = softMasks(repeating, rest, power);
  for (let i = 0; i < A.data.length; i++) if (A.data[i] === 0) background.data[i] = 1;
  return background;
}
