// Harmonic-percussive separation by median filtering.
//
// In a spectrogram a held tone is a horizontal line and a click a vertical one. A median across time keeps the first, a
// median across frequency the second; a mask compares the two in every cell, and the mixture's phase is kept.
// On magnitudes the half-widths count frames and bins, on a waveform they are seconds and hertz.

import { matrix, precision } from "./arrays.js";
import { binaryMasks, softMasks } from "./masks.js";
import { medianAcrossFrequency, medianAcrossTime } from "./medians.js";
import { separate } from "./separate.js";
import { lengths } from "./transforms.js";

/** @typedef {import("./arrays.js").Numbers} Numbers */
/** @typedef {import("./arrays.js").Matrix} Matrix */
/** @typedef {import("./medians.js").Edges} Edges */

/**
 * @typedef {object} Comparison
 * @property {"soft" | "binary"} [mask] share each cell, or give it to the larger median
 * @property {number} [power] of the soft mask
 * @property {number | [number, number]} [margin] how many times the other part a cell must be to count as one's own,
 *   for both parts or (harmonic, percussive)
 */

/**
 * Masks of the harmonic and the percussive part.
 * @param {Matrix} A
 * @param {Comparison & { winhFrames?: number, winvBins?: number, edges?: Edges }} [settings] half-widths; `edges` of the
 *   medians
 * @returns {[Matrix, Matrix]}
 */
export function hpssMasks(A, { winhFrames = 20, winvBins = 40, edges = "reflect", ...comparison } = {}) {
  const H = medianAcrossTime(A, 2 * winhFrames + 1, edges);
  return masksOfMedians(H, medianAcrossFrequency(A, 2 * winvBins + 1, edges), comparison);
}

/**
 * Compare the two medians in every cell.
 * @param {Matrix} H the median across time
 * @param {Matrix} P the median across frequency
 * @param {Comparison} [comparison]
 * @returns {[Matrix, Matrix]} with margin 1 they sum to one; above it they leave a residual
 */
export function masksOfMedians(H, P, { mask = "soft", power = 1, margin = 1 } = {}) {
  const [forHarmonic, forPercussive] = typeof margin === "number" ? [margin, margin] : margin;
  if (mask === "binary") return [binaryMasks(H, P, forHarmonic)[0], binaryMasks(H, P, forPercussive)[1]];
  if (forHarmonic === 1 && forPercussive === 1) return softMasks(H, P, power);
  return [softMasks(divided(H, forHarmonic), P, power)[0], softMasks(divided(P, forPercussive), H, power)[0]];
}

/**
 * What two masks leave, and at least nothing.
 * @param {Matrix} harmonic
 * @param {Matrix} percussive
 * @returns {Matrix}
 */
export function residualMask(harmonic, percussive) {
  const M = matrix(harmonic.bins, harmonic.frames, precision(harmonic.data));
  for (let i = 0; i < M.data.length; i++) M.data[i] = Math.max(1 - harmonic.data[i] - percussive.data[i], 0);
  return M;
}

/**
 * Separate a channel into its harmonic and its percussive part.
 * @param {Numbers} y
 * @param {number} sr
 * @param {Comparison & import("./separate.js").Windowed & { winh?: number, winv?: number, edges?: Edges }} [settings]
 *   half-widths in seconds and hertz
 * @returns {{ harmonic: Numbers, percussive: Numbers, residual: Numbers }} with margin 1 the residual is rounding
 */
export function hpss(y, sr, { winh = 0.35, winv = 80, edges, winLength, hopLength, winfunc, ...comparison } = {}) {
  const how = { ...lengths(sr, winLength, hopLength), winfunc };
  const winhFrames = halfWidth((winh * sr) / how.hopLength, 1 + Math.floor(y.length / how.hopLength));
  const winvBins = halfWidth((winv * how.winLength) / sr, 1 + Math.floor(how.winLength / 2));
  const masks = (/** @type {Matrix} */ A) => hpssMasks(A, { winhFrames, winvBins, edges, ...comparison });
  const [harmonic, percussive] = separate(y, sr, masks, how);
  return { harmonic, percussive, residual: y.map((v, i) => v - harmonic[i] - percussive[i]) };
}

/**
 * A half-width in whole cells, at most all there are. As in Python, a half is rounded to the even neighbour.
 * @param {number} cells
 * @param {number} available
 */
export function halfWidth(cells, available) {
  const least = Math.min(cells, available);
  const below = Math.floor(least);
  return least - below === 0.5 ? below + (below % 2) : Math.round(least);
}

/**
 * @param {Matrix} A
 * @param {number} margin
 * @returns {Matrix}
 */
function divided({ bins, frames, data }, margin) {
  return { bins, frames, data: data.map((v) => v / margin) };
}
