// REPET-SIM: what recurs is background, at whatever distance.
//
// REPET needs a period. REPET-SIM asks each frame which other frames sound most alike, wherever they are, and takes the
// median over them. The similarity of two frames is the cosine between their columns of magnitudes; the square roots of
// the magnitudes are compared, or else a few loud partials, which may be the voice's, decide which frames are alike.
//
// An explorer that keeps what did not change takes the steps of `repetSimMasks` by themselves: the similarity matrix of
// `roots`, which depends on the sound alone and grows with the square of its length, `similarFrames`, and the masks of
// `masksOfSimilar`.
//
// Functions: `similarityMatrix`, `similarFrames`, `repetSimMasks` (on magnitudes), and `repetSim` (on a waveform).

import { matrix, precision } from "./arrays.js";
import { median } from "./agreement.js";
import { backgroundMasks, maskFor, parted, rowsBelow } from "./background.js";
import { medianAcrossSimilar } from "./medians.js";
import { kernels, numbersAt, room } from "./memory.js";
import { roundEven } from "./rounding.js";
import { Mixture } from "./separate.js";
import { lengths } from "./transforms.js";

/** @typedef {import("./arrays.js").Numbers} Numbers */
/** @typedef {import("./arrays.js").Matrix} Matrix */
/** @typedef {import("./background.js").MaskName} MaskName */
/** @typedef {import("./background.js").MaskSettings} MaskSettings */
/** @typedef {{ count?: number, distanceFrames?: number, threshold?: number }} Similar */

// Rows of the similarity matrix that are in memory at one time.
const ROWS = 256;
// Numbers that are multiplied at once, and bytes of each.
const LANES = 4;
const FLOAT = 4;
// The smallest positive number that float32 has without loss.
const TINY = 2 ** -126;

/**
 * Cosine similarity of all pairs of frames, from 0 to 1; a silent frame is like nothing, not even itself. In double
 * precision, so that rounding does not decide which of two frames is more alike.
 * @param {Matrix} A
 * @returns {Matrix} as many bins as frames: frame i's likeness to frame j is at i * frames + j
 */
export function similarityMatrix(A) {
  const n = A.frames;
  const similarity = matrix(n, n, Float64Array);
  const units = unitFrames(A);
  for (let first = 0; first < n; first += ROWS) {
    // What lies before is known already, from the other of the two frames.
    const block = products(units, first, Math.min(ROWS, n - first), first);
    similarity.data.set(block.data, first * n);
    for (let i = first; i < n && i < first + ROWS; i++) {
      for (let j = 0; j < first; j++) similarity.data[i * n + j] = similarity.data[j * n + i];
    }
  }
  return similarity;
}

/**
 * For each row of a similarity matrix, or of some of its rows, the frames that are most alike: its highest peaks.
 * @param {Matrix} similarity
 * @param {Similar} [how] at most `count` frames; a peak is at least as high as all that lie nearer to it than
 *   `distanceFrames`, and at least `threshold` high
 * @returns {Int32Array[]} for each row the most similar first; a row without any peak gives its highest frame
 */
export function similarFrames({ bins, frames, data }, { count = 100, distanceFrames = 1, threshold = 0 } = {}) {
  // Further than from end to end nothing lies.
  const distance = Math.min(distanceFrames, bins);
  const least = precision(data) === Float32Array ? Math.fround(threshold) : threshold;
  return Array.from({ length: frames }, (_, n) => {
    const row = data.subarray(n * bins, (n + 1) * bins);
    const places = peaks(row, distance).filter((place) => row[place] >= least);
    if (!places.length) return Int32Array.of(row.indexOf(Math.max(...row)));
    return Int32Array.from(places.sort((i, j) => row[j] - row[i]).slice(0, count));
  });
}

/**
 * Masks of the recurring background and of the foreground. Time grows with the square of the number of frames; memory
 * does not, since the similarity matrix is made a few rows at a time.
 * @param {Matrix} A
 * @param {Similar & MaskSettings} [settings]
 * @returns {[Matrix, Matrix]}
 */
export function repetSimMasks(A, { count = 100, distanceFrames = 43, threshold = 0, ...settings } = {}) {
  const units = unitFrames(roots(A));
  const neighbours = [];
  for (let first = 0; first < A.frames; first += ROWS) {
    const rows = products(units, first, Math.min(ROWS, A.frames - first), 0);
    neighbours.push(...similarFrames(rows, { count, distanceFrames, threshold }));
  }
  return masksOfSimilar(A, neighbours, settings);
}

/**
 * The masks, once it is known which frames are alike.
 * @param {Matrix} A
 * @param {Int32Array[]} neighbours
 * @param {MaskSettings} [settings]
 * @returns {[Matrix, Matrix]}
 */
export function masksOfSimilar(A, neighbours, { mask = "fitted", ...settings } = {}) {
  const usual = median(neighbours.map((near) => near.length));
  return backgroundMasks(A, medianAcrossSimilar(A, neighbours), { mask: maskFor(mask, usual), ...settings });
}

/**
 * Separate what recurs from what does not.
 * @param {Numbers[]} channels separated one by one
 * @param {number} sr
 * @param {object} [settings]
 * @param {number} [settings.count] frames in the median at the most
 * @param {number} [settings.distance] seconds that similar frames lie apart at the least
 * @param {number} [settings.threshold] similarity that a frame must reach, from 0 to 1
 * @param {number} [settings.highpass] Hz; everything below goes to the background
 * @param {MaskName} [settings.mask]
 * @param {number} [settings.power] of the soft mask
 * @param {number | null} [settings.winLength] samples; null takes the power of two nearest to 93 ms
 * @param {number | null} [settings.hopLength] samples; null takes a quarter of the window
 * @returns {[Numbers[], Numbers[]]} background and foreground, which add up to the channels
 */
export function repetSim(channels, sr, { distance = 1, highpass = 100, winLength, hopLength, ...settings } = {}) {
  const window = lengths(sr, winLength, hopLength);
  const distanceFrames = Math.max(1, roundEven((distance * sr) / window.hopLength));
  const highpassBins = rowsBelow(highpass, sr, window.winLength);
  const parts = channels.map((channel) => {
    const mixture = new Mixture(channel, window.winLength, window.hopLength);
    return parted(mixture, repetSimMasks(mixture.A, { distanceFrames, highpassBins, ...settings })[0]);
  });
  return [parts.map(([background]) => background), parts.map(([, foreground]) => foreground)];
}

/**
 * What is compared: the square roots of the magnitudes.
 * @param {Matrix} A
 * @returns {Matrix}
 */
export function roots(A) {
  return { ...A, data: A.data.map(Math.sqrt) };
}

/**
 * Frames of length 1; a silent one stays 0.
 * @param {Matrix} A
 * @returns {Matrix}
 */
function unitFrames({ bins, frames, data }) {
  const units = matrix(bins, frames);
  for (let n = 0; n < frames; n++) {
    const unit = units.data.subarray(n * bins, (n + 1) * bins);
    let [loudest, squares] = [TINY, 0];
    for (let k = 0, i = n * bins; k < bins; k++, i++) if (data[i] > loudest) loudest = data[i];
    for (let k = 0, i = n * bins; k < bins; k++, i++) {
      unit[k] = data[i] / loudest;
      squares += unit[k] * unit[k];
    }
    const length = Math.max(Math.sqrt(squares), TINY);
    for (let k = 0; k < bins; k++) unit[k] /= length;
  }
  return units;
}

/**
 * The products of some frames with all from one on.
 * @param {Matrix} units
 * @param {number} first
 * @param {number} rows so many
 * @param {number} from
 * @returns {Matrix} 0 for those before
 */
function products({ bins, frames, data }, first, rows, from) {
  const found = matrix(frames, rows, Float64Array);
  const width = Math.ceil(bins / LANES) * LANES;
  const [at, out] = room(frames * width * FLOAT, found.data.byteLength);
  const placed = numbersAt(Float32Array, at, frames * width).fill(0);
  for (let n = 0; n < frames; n++) placed.set(data.subarray(n * bins, (n + 1) * bins), n * width);
  kernels().products(at, width * FLOAT, frames, first, rows, from, out);
  found.data.set(numbersAt(Float64Array, out, found.data.length));
  return found;
}

/**
 * The places that are at least as high as all that lie nearer than a distance.
 * @param {Numbers} row
 * @param {number} distance
 */
function peaks(row, distance) {
  const found = [];
  // Places that may still be the highest of those behind them: their heights descend.
  const high = new Int32Array(row.length);
  let [first, end] = [0, 0];
  for (let i = 0, ahead = 0; i < row.length; i++) {
    for (; ahead < Math.min(i + distance, row.length); ahead++) {
      while (end > first && row[high[end - 1]] < row[ahead]) end--;
      high[end++] = ahead;
    }
    if (high[first] <= i - distance) first++;
    if (row[i] === row[high[first]]) found.push(i);
  }
  return found;
}
