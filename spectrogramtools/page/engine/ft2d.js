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

import { matrix } from "./arrays.js";
import { backgroundMasks, parted, rowsBelow } from "./background.js";
import { transform } from "./fft.js";
import { Mixture } from "./separate.js";
import { lengths } from "./transforms.js";

/** @typedef {import("./arrays.js").Numbers} Numbers */
/** @typedef {import("./arrays.js").Matrix} Matrix */
/** @typedef {import("./background.js").MaskName} MaskName */
/** @typedef {import("./background.js").MaskSettings} MaskSettings */
/** @typedef {[number, number]} Size cells along frequency, along time */

/**
 * A picture's spectrum, of which cell (k, n) is at n * bins + k, as in the picture.
 * @typedef {{ bins: number, frames: number, re: Float64Array, im: Float64Array }} Spectrum2d
 */

// Bins that are transformed along time before the next are looked at.
const TOGETHER = 8;

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
 * The two-dimensional spectrum of a picture. The picture is real, so half of it mirrors the other half.
 * @param {Matrix} A
 * @returns {Spectrum2d}
 */
export function spectrum2d({ bins, frames, data }) {
  const S = { bins, frames, re: Float64Array.from(data), im: new Float64Array(data.length) };
  // Two frames at a time, as real and imaginary part; each is then taken out of their spectrum.
  const columns = transform(bins);
  for (let n = 0; n < frames; n += 2) {
    const re = S.re.subarray(n * bins, (n + 1) * bins);
    const im = S.im.subarray(n * bins, (n + 1) * bins);
    if (n + 1 === frames) {
      columns(re, im);
      continue;
    }
    const nextRe = S.re.subarray((n + 1) * bins, (n + 2) * bins);
    const nextIm = S.im.subarray((n + 1) * bins, (n + 2) * bins);
    im.set(nextRe);
    columns(re, im);
    for (let k = 0, j = 0; k < bins; k++, j = bins - k) {
      nextRe[k] = (im[k] + im[j]) / 2;
      nextIm[k] = (re[j] - re[k]) / 2;
    }
    for (let k = 0, j = 0; 2 * k <= bins; k++, j = bins - k) {
      [re[k], re[j]] = [(re[k] + re[j]) / 2, (re[k] + re[j]) / 2];
      [im[k], im[j]] = [(im[k] - im[j]) / 2, (im[j] - im[k]) / 2];
    }
  }
  alongTime(S, 1 + Math.floor(bins / 2));
  for (let n = 0; n < frames; n++) {
    for (let k = 1 + Math.floor(bins / 2); k < bins; k++) {
      const from = ((frames - n) % frames) * bins + bins - k;
      S.re[n * bins + k] = S.re[from];
      S.im[n * bins + k] = -S.im[from];
    }
  }
  return S;
}

/**
 * The picture that a spectrum's peaks make. A cell is a peak if it is the tallest of its neighbourhood and stands out:
 * tallest minus lowest in it exceed the standard deviation of all.
 * @param {Spectrum2d} S
 * @param {Size} neighbourhood
 * @returns {Matrix}
 */
export function modelOfPeaks({ bins, frames, re, im }, neighbourhood) {
  const kept = { bins, frames, re: re.slice(), im: im.slice() };
  const peak = peaks(kept, neighbourhood);
  for (let i = 0; i < peak.length; i++) if (!peak[i]) kept.re[i] = kept.im[i] = 0;
  const back = { ...kept, re: kept.im, im: kept.re };
  alongTime(back, bins);
  const columns = transform(bins);
  for (let n = 0; n < frames; n++) {
    columns(back.re.subarray(n * bins, (n + 1) * bins), back.im.subarray(n * bins, (n + 1) * bins));
  }
  const model = matrix(bins, frames);
  for (let i = 0; i < model.data.length; i++) {
    model.data[i] = Math.sqrt(back.re[i] * back.re[i] + back.im[i] * back.im[i]) / model.data.length;
  }
  return model;
}

/**
 * Where a spectrum has its peaks.
 * @param {Spectrum2d} S
 * @param {Size} neighbourhood
 * @returns {boolean[]}
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
  /** @type {boolean[]} */
  const found = new Array(height.length);
  for (let n = 0, i = 0; n < frames; n++) {
    const from = ((n + n0) % frames) * bins;
    for (let k = 0; k < bins; k++, i++) {
      const at = from + ((k + k0) % bins);
      found[i] = height[at] === tallest[at] && Math.fround(tallest[at] + lowest[at]) > deviation;
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

/**
 * Transform the lowest bins along time, in place.
 * @param {Spectrum2d} S
 * @param {number} lowest so many
 */
function alongTime({ bins, frames, re, im }, lowest) {
  const run = transform(frames);
  // Some at a time, because what lies side by side comes into the cache together.
  const buffers = Array.from({ length: TOGETHER }, () => [new Float64Array(frames), new Float64Array(frames)]);
  for (let first = 0; first < lowest; first += TOGETHER) {
    const some = buffers.slice(0, lowest - first);
    for (let n = 0; n < frames; n++) {
      some.forEach(([a, b], k) => {
        a[n] = re[n * bins + first + k];
        b[n] = im[n * bins + first + k];
      });
    }
    for (const [a, b] of some) run(a, b);
    for (let n = 0; n < frames; n++) {
      some.forEach(([a, b], k) => {
        re[n * bins + first + k] = a[n];
        im[n * bins + first + k] = b[n];
      });
    }
  }
}
