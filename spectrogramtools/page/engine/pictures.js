// Spectrograms as small pictures: one byte a cell, at the size at which they are drawn.
//
// One and the same picture is drawn on a linear or on a logarithmic frequency axis. So its rows lie as close as the finer
// of the two needs them: at low frequencies one row a bin, further up the steps of the logarithmic axis, at the top those
// of the linear one. Where a row holds several bins the loudest counts, so that a thin partial is not lost.

import { matrix, precision } from "./arrays.js";

/** @typedef {import("./arrays.js").Matrix} Matrix */

// A plot is so many steps high; the largest number of columns that a picture has.
export const HIGH = 150;
export const COLUMNS = 440;
// What lies further below the loudest cell, in dB, is black.
const DYNAMIC_RANGE = 80;
// Hz, where the logarithmic axis begins.
const LOWEST = 50;

/**
 * What is drawn of all channels: the root mean square of their magnitudes, so that equal channels look like one.
 * @param {Matrix[]} spectra one for each channel
 * @returns {Matrix}
 */
export function onePicture(spectra) {
  const [first] = spectra;
  if (spectra.length === 1) return first;
  const level = matrix(first.bins, first.frames, precision(first.data));
  for (let i = 0; i < level.data.length; i++) {
    let sum = 0;
    for (const { data } of spectra) sum += data[i] * data[i];
    level.data[i] = Math.sqrt(sum / spectra.length);
  }
  return level;
}

/**
 * The first bin of each row.
 * @param {number} bins
 * @param {number} sr
 * @returns {number[]}
 */
export function rowStarts(bins, sr) {
  const binHz = sr / 2 / (bins - 1);
  const linearStep = sr / 2 / HIGH;
  const logStep = Math.log(sr / 2 / LOWEST) / HIGH;
  const starts = [];
  for (let start = 0; start < bins; ) {
    starts.push(start);
    start += Math.max(1, Math.floor(Math.min(linearStep, logStep * (start * binHz)) / binHz));
  }
  return starts;
}

/**
 * Where the rows lie, in Hz: one number more than there are rows.
 * @param {number} bins
 * @param {number} sr
 */
export function rowEdges(bins, sr) {
  const binHz = sr / 2 / (bins - 1);
  return Float32Array.from([...rowStarts(bins, sr), bins], (start) => (start - 0.5) * binHz);
}

/**
 * The loudest cell.
 * @param {Matrix} A
 */
export function loudest({ data }) {
  let level = 0;
  for (let i = 0; i < data.length; i++) if (data[i] > level) level = data[i];
  return level;
}

/**
 * Magnitudes as levels from 0 (80 dB below ref) to 255, the rows of a column side by side, the lowest first.
 * @param {Matrix} A
 * @param {number} sr
 * @param {number} ref
 * @param {number} [columns] at the most
 */
export function picture(A, sr, ref, columns = COLUMNS) {
  const starts = rowStarts(A.bins, sr);
  const width = Math.min(A.frames, columns);
  const levels = new Uint8Array(width * starts.length);
  const least = 10 ** (-DYNAMIC_RANGE / 20);
  const column = new Float64Array(A.bins);
  for (let c = 0, at = 0; c < width; c++) {
    column.fill(0);
    const end = Math.floor(((c + 1) * A.frames) / width);
    for (let n = Math.floor((c * A.frames) / width); n < end; n++) {
      for (let k = 0, i = n * A.bins; k < A.bins; k++, i++) if (A.data[i] > column[k]) column[k] = A.data[i];
    }
    for (let row = 0; row < starts.length; row++, at++) {
      let cell = 0;
      for (let k = starts[row]; k < (starts[row + 1] ?? A.bins); k++) if (column[k] > cell) cell = column[k];
      const level = Math.log10(Math.max(cell / ref, least)) * ((255 * 20) / DYNAMIC_RANGE) + 255;
      levels[at] = Math.min(255, Math.round(level));
    }
  }
  return levels;
}
