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

import { spectrum } from "./arrays.js";
import { backgroundMasks, parted, rowsBelow } from "./background.js";
import { fft2, ifft2 } from "./fft2d.js";
import { kernels, numbersAt, room } from "./memory.js";
import { Mixture } from "./separate.js";
import { lengths, magnitudes } from "./transforms.js";

/** @typedef {import("./arrays.js").Numbers} Numbers */
/** @typedef {import("./arrays.js").Matrix} Matrix */
/** @typedef {import("./arrays.js").Spectrum} Spectrum */
/** @typedef {import("./background.js").MaskName} MaskName */
/** @typedef {import("./background.js").MaskSettings} MaskSettings */
/** @typedef {[number, number]} Size cells along frequency, along time */

const FLOAT = 4; // bytes

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
 * The two-dimensional spectrum of a picture. The picture is real, so one half mirrors the other; it does so to the last
 * bit, or rounding would decide which of two equally tall cells is the taller.
 * @param {Matrix} A
 * @returns {Spectrum}
 */
export function spectrum2d({ bins, frames, data }) {
  const S = fft2({ bins, frames, re: data, im: new Float32Array(data.length) });
  for (let n = Math.floor(frames / 2) + 1; n < frames; n++) {
    for (let k = 0; k < bins; k++) {
      const from = (frames - n) * bins + (k ? bins - k : 0);
      S.re[n * bins + k] = S.re[from];
      S.im[n * bins + k] = -S.im[from];
    }
  }
  return S;
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
  const kept = spectrum(S.bins, S.frames);
  for (let i = 0; i < isPeak.length; i++) {
    if (isPeak[i]) [kept.re[i], kept.im[i]] = [S.re[i], S.im[i]];
  }
  return magnitudes(ifft2(kept));
}

/**
 * Where a spectrum has its peaks.
 * @param {Spectrum} S
 * @param {Size} neighbourhood
 * @returns {Uint8Array} 1 where there is one
 */
function peaks({ bins, frames, re, im }, neighbourhood) {
  // No more is seen of the spectrum than there is.
  const [tall, wide] = [Math.min(neighbourhood[0], 2 * bins + 1), Math.min(neighbourhood[1], 2 * frames + 1)];
  const n = re.length;
  const work = Math.max((frames + wide) * bins, (bins + tall) * frames);
  const places = room(...[n, n, n, work].map((count) => count * FLOAT));
  const [height, tallest, lowest] = places.map((place) => numbersAt(Float32Array, place, n));
  // The lowest frequencies in the middle.
  const [k0, n0] = [Math.floor(bins / 2), Math.floor(frames / 2)];
  for (let t = 0, i = 0; t < frames; t++) {
    const to = ((t + n0) % frames) * bins;
    for (let k = 0; k < bins; k++, i++) height[to + ((k + k0) % bins)] = Math.sqrt(re[i] * re[i] + im[i] * im[i]);
  }
  tallest.set(height);
  for (let i = 0; i < n; i++) lowest[i] = -height[i];
  for (const cells of [tallest, lowest]) {
    kernels().largestOfRows(cells.byteOffset, frames, bins, wide, places[3]);
    if (tall === 1) continue;
    cells.set(turned(cells, frames, bins));
    kernels().largestOfRows(cells.byteOffset, bins, frames, tall, places[3]);
    cells.set(turned(cells, bins, frames));
  }
  const least = deviation(height);
  const found = new Uint8Array(n);
  for (let t = 0, i = 0; t < frames; t++) {
    const from = ((t + n0) % frames) * bins;
    for (let k = 0; k < bins; k++, i++) {
      const at = from + ((k + k0) % bins);
      if (height[at] === tallest[at] && Math.fround(tallest[at] + lowest[at]) > least) found[i] = 1;
    }
  }
  return found;
}

/**
 * The standard deviation, rounded as in the module.
 * @param {Float32Array} numbers
 */
function deviation(numbers) {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < numbers.length; i++) sum += numbers[i];
  const mean = sum / numbers.length;
  for (let i = 0; i < numbers.length; i++) squares += (numbers[i] - mean) ** 2;
  return Math.fround(Math.sqrt(squares / numbers.length));
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
