// 2DFT: what repeats has peaks in the two-dimensional spectrum of the spectrogram.
//
// A pattern that comes back every second makes the spectrogram, seen as a picture, periodic along time. The
// two-dimensional Fourier transform gathers whatever is periodic in few tall peaks; keep these, transform back, and the
// picture holds the background. No period has to be found.
//
// An explorer that keeps what did not change takes the steps of `ft2dMasks` by themselves: the picture's spectrum
// (`spectrum2d`), which depends on the sound alone, the model of its peaks (`modelOfPeaks`), and the masks.
//
// Functions: `ft2dMasks` (on magnitudes), `ft2d` (on a waveform).

import { backgroundMasks, parted, rowsBelow } from "./background.js";
import { fft2, ifft2 } from "./fft2d.js";
import { Mixture } from "./separate.js";
import { lengths, magnitudes } from "./transforms.js";

/** @typedef {import("./arrays.js").Numbers} Numbers */
/** @typedef {import("./arrays.js").Matrix} Matrix */
/** @typedef {import("./arrays.js").Spectrum} Spectrum */
/** @typedef {import("./background.js").MaskName} MaskName */
/** @typedef {import("./background.js").MaskSettings} MaskSettings */
/** @typedef {[number, number]} Size cells along frequency, along time */

/**
 * Masks of the repeating background and of the foreground.
 * @param {Matrix} A
 * @param {MaskSettings & { neighbourhood?: Size }} [settings] in the neighbourhood a peak is the tallest
 * @returns {[Matrix, Matrix]}
 */
export function ft2dMasks(A, { neighbourhood = [1, 25], ...settings } = {}) {
  return backgroundMasks(A, modelOfPeaks(spectrum2d(A), neighbourhood), settings);
}

/**
 * Separate what repeats from what does not, without a period.
 * @param {Numbers[]} channels separated one by one
 * @param {number} sr
 * @param {object} [settings]
 * @param {Size} [settings.neighbourhood]
 * @param {number} [settings.highpass] Hz; everything below goes to the background
 * @param {MaskName} [settings.mask]
 * @param {number} [settings.power] of the soft mask
 * @param {number | null} [settings.winLength] samples; null takes the power of two nearest to 93 ms
 * @param {number | null} [settings.hopLength] samples; null takes a quarter of the window
 * @returns {[Numbers[], Numbers[]]} background and foreground, which add up to the channels
 */
export function ft2d(channels, sr, { highpass = 100, winLength, hopLength, ...settings } = {}) {
  const window = lengths(sr, winLength, hopLength);
  const highpassBins = rowsBelow(highpass, sr, window.winLength);
  const parts = channels.map((channel) => {
    const mixture = new Mixture(channel, window.winLength, window.hopLength);
    return parted(mixture, ft2dMasks(mixture.A, { highpassBins, ...settings })[0]);
  });
  return [parts.map(([background]) => background), parts.map(([, foreground]) => foreground)];
}

/**
 * The two-dimensional spectrum of a picture.
 * @param {Matrix} A
 * @returns {Spectrum}
 */
export function spectrum2d(A) {
  return fft2({ bins: A.bins, frames: A.frames, re: A.data, im: new Float32Array(A.data.length) });
}

/**
 * The picture that a spectrum's peaks make. A cell is a peak if it is the tallest of its neighbourhood and stands out:
 * tallest minus lowest in it exceed the standard deviation of all.
 * @param {Spectrum} S
 * @param {Size} neighbourhood
 * @returns {Matrix}
 */
export function modelOfPeaks(S, neighbourhood) {
  const isPeak = peaks(S, neighbourhood);
  const [re, im] = [S.re, S.im].map((numbers) => numbers.map((v, i) => (isPeak[i] ? v : 0)));
  return magnitudes(ifft2({ ...S, re, im }));
}

/**
 * Where a spectrum has its peaks.
 * @param {Spectrum} S
 * @param {Size} neighbourhood
 * @returns {Uint8Array} 1 where there is one
 */
function peaks({ bins, frames, re, im }, neighbourhood) {
  // The lowest frequencies in the middle, and not more seen of it than there is. Heights are rounded as in the module.
  const height = new Float32Array(re.length);
  const [k0, n0] = [Math.floor(bins / 2), Math.floor(frames / 2)];
  let [sum, squares] = [0, 0];
  for (let n = 0, i = 0; n < frames; n++) {
    const to = ((n + n0) % frames) * bins;
    for (let k = 0; k < bins; k++, i++) height[to + ((k + k0) % bins)] = Math.sqrt(re[i] * re[i] + im[i] * im[i]);
  }
  for (const h of height) sum += h;
  for (const h of height) squares += (h - sum / height.length) ** 2;
  const deviation = Math.fround(Math.sqrt(squares / height.length));
  const [tall, wide] = [Math.min(neighbourhood[0], 2 * bins + 1), Math.min(neighbourhood[1], 2 * frames + 1)];
  const tallest = tallestAround(height, bins, frames, tall, wide);
  const lowest = tallestAround(height.map((h) => -h), bins, frames, tall, wide);
  const found = new Uint8Array(height.length);
  for (let n = 0, i = 0; n < frames; n++) {
    const from = ((n + n0) % frames) * bins;
    for (let k = 0; k < bins; k++, i++) {
      const at = from + ((k + k0) % bins);
      found[i] = Number(height[at] === tallest[at] && Math.fround(tallest[at] + lowest[at]) > deviation);
    }
  }
  return found;
}

/**
 * The largest number in the neighbourhood of each cell.
 * @param {Float32Array} cells
 * @param {number} bins
 * @param {number} frames
 * @param {number} tall cells of the neighbourhood along frequency
 * @param {number} wide and along time
 */
function tallestAround(cells, bins, frames, tall, wide) {
  const alongTime = largestOfRows(cells, frames, bins, wide);
  if (tall === 1) return alongTime;
  return turned(largestOfRows(turned(alongTime, frames, bins), bins, frames, tall), bins, frames);
}

/**
 * The largest number of the rows around each, row by row; beyond the borders the rows are mirrored.
 * @param {Float32Array} cells
 * @param {number} rows
 * @param {number} width of a row
 * @param {number} size so many rows
 */
function largestOfRows(cells, rows, width, size) {
  const all = new Float32Array((rows + size - 1) * width);
  for (let row = 0; row < rows + size - 1; row++) {
    const place = (((row - (size >> 1)) % (2 * rows)) + 2 * rows) % (2 * rows);
    const from = (place < rows ? place : 2 * rows - 1 - place) * width;
    all.set(cells.subarray(from, from + width), row * width);
  }
  // The largest of 2, of 4, of 8 ... rows from each on; two of these, which may overlap, are as many as are wanted.
  let span = 1;
  for (; 2 * span <= size; span *= 2) largerOf(all, all, span * width);
  return largerOf(all, new Float32Array(rows * width), (size - span) * width);
}

/**
 * The larger of each number and the one that lies so much further.
 * @param {Float32Array} numbers
 * @param {Float32Array} out
 * @param {number} further
 */
function largerOf(numbers, out, further) {
  const end = Math.min(out.length, numbers.length - further);
  for (let i = 0; i < end; i++) {
    const [here, there] = [numbers[i], numbers[i + further]];
    out[i] = here > there ? here : there;
  }
  return out;
}

/**
 * Rows as columns.
 * @param {Float32Array} cells
 * @param {number} rows
 * @param {number} width
 */
function turned(cells, rows, width) {
  const out = new Float32Array(cells.length);
  for (let row = 0, i = 0; row < rows; row++) for (let c = 0; c < width; c++, i++) out[c * rows + row] = cells[i];
  return out;
}
