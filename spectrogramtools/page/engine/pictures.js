// Spectrograms as small pictures: one byte a cell, at the size at which they are drawn.
//
// One and the same picture is drawn on a linear or on a logarithmic frequency axis. So its rows lie as close as the
// finer of the two needs them: at low frequencies one row a bin, further up the steps of the logarithmic axis, at the
// top those of the linear one. Where a row holds several bins the loudest counts, so that a thin partial is not lost; and
// so it does where several rows fall into one line of pixels, when they are drawn (views/axes.js).

import { matrix, precision } from "./arrays.js";
import { kernels, numbersAt, room } from "./memory.js";

/** @typedef {import("./arrays.js").Matrix} Matrix */

// A plot is so many steps high; the largest number of columns that a picture has.
const HIGH = 150;
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
 * @param {Matrix | null} [M] a mask to lay on A before
 */
export function picture(A, sr, ref, columns = COLUMNS, M = null) {
  const { at, count } = cells(A, sr, columns, M);
  kernels().levels(at, count, 1 / ref, (255 * 20 * Math.log10(2)) / DYNAMIC_RANGE);
  return numbersAt(Uint8Array, at, count).slice();
}

/**
 * A mask as levels from 0 to 255, with the rows and columns of a spectrogram's picture.
 * @param {Matrix} M
 * @param {number} sr
 * @param {number} [columns] at the most
 */
export function sharePicture(M, sr, columns = COLUMNS) {
  const { at, count } = cells(M, sr, columns);
  return Uint8Array.from(numbersAt(Float32Array, at, count), (share) => Math.round(255 * share));
}

/**
 * The loudest cell of each cell of a picture, in the kernels' memory.
 * @param {Matrix} A
 * @param {number} sr
 * @param {number} columns at the most
 * @param {Matrix | null} [M]
 */
function cells({ bins, frames, data }, sr, columns, M = null) {
  const starts = Int32Array.from([...rowStarts(bins, sr), bins]);
  const [width, rows] = [Math.min(frames, columns), starts.length - 1];
  const count = width * rows;
  const sizes = [4 * data.length + 16, starts.byteLength, 4 * count + 16, 4 * bins + 16, M ? 4 * data.length + 16 : 0];
  const [from, startsAt, at, column, mask] = room(...sizes);
  numbersAt(Float32Array, from, data.length).set(data);
  if (M) {
    numbersAt(Float32Array, mask, data.length).set(M.data);
    kernels().product(from, mask, data.length);
  }
  numbersAt(Int32Array, startsAt, starts.length).set(starts);
  kernels().loudestCells(from, bins, frames, width, startsAt, rows, at, column);
  return { at, count };
}
