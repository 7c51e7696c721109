// A band that breathes: where does each moment of the music come again, when the tempo moves?
//
// Beside each moment lies the one that is a period later. While the tempo moves, so does this distance. It is followed
// from moment to moment: of all lags near the period the path is taken along which the music is most like itself, and
// which moves little from one moment to the next (the Viterbi algorithm). From the first repetition, one step after the
// other leads to all others; so frames can be placed at equal places of the pattern instead of equal times.
//
// Functions: `followPeriod`; `placesOfFrames`, for `repetAdaptive`.

import { median } from "./agreement.js";
import { matrix, precision } from "./arrays.js";
import { analyse } from "./frames.js";
import { roundEven } from "./rounding.js";
import { halfsine, lasting, magnitudes, sampled } from "./transforms.js";

/** @typedef {import("./arrays.js").Numbers} Numbers */
/** @typedef {import("./arrays.js").Matrix} Matrix */

/**
 * Rows of numbers over time, one after the other: number t of row r is at r * length + t.
 * @typedef {{ rows: number, length: number, data: Numbers }} Rows
 */

// Seconds of the window in which the music is looked at, and how many looks a window.
const WINDOW = 2048 / 22050;
const LOOKS = 16;
// Frames that are looked at together.
const BLOCK = 1024;
// The tempo moves by so much of itself at most, in the whole piece.
const REACH = 0.1;
// Seconds over which likeness is gathered, twice, and over which the path is smoothed.
const GATHERED = 0.25;
const SMOOTHED = 0.5;
// Every so many looks the lag may change by one look; what a change costs, in mean likenesses.
const STEP = 4;
const COST = 0.15;
// The lowest band, in Hz, how many there are, and how many an octave.
const LOWEST = 80;
const BANDS = 72;
const PER_OCTAVE = 8;
// The smallest positive number that float32 has without loss.
const TINY = 2 ** -126;

/**
 * How long it takes until each moment of the music comes again.
 * @param {Numbers[]} channels all of which have one period
 * @param {number} sr
 * @param {number} period seconds, about; it is followed while it moves by up to a tenth
 * @returns {{ times: Float64Array, periods: Float64Array }} in seconds, 23 ms apart: what happens at times[i] happens
 *   again at times[i] + periods[i]
 */
export function followPeriod(channels, sr, period) {
  const winLength = lasting(WINDOW, sr);
  const hop = winLength / LOOKS;
  const looks = looksOf(channels, sr, winLength);
  /** @type {number[]} */
  const lags = [];
  const last = Math.floor((period * (1 + REACH) * sr) / hop) + 2;
  for (let lag = Math.floor((period * (1 - REACH) * sr) / hop); lag < last; lag++) {
    if (lag >= 1 && lag < looks.length - STEP) lags.push(lag);
  }
  const until = looks.length - Math.floor((period * sr) / hop);
  const likeness = everyStep(gathered(looks, lags, Math.max(1, roundEven((GATHERED * sr) / hop))), until);
  let sum = 0;
  for (let i = 0; i < likeness.data.length; i++) sum += Math.abs(likeness.data[i]);
  const path = bestPath(likeness, (COST * sum) / likeness.data.length);
  const found = path.map((row, t) => lags[row] + besideRow(likeness, row, t));
  const periods = { rows: 1, length: found.length, data: Float64Array.from(found) };
  smooth(periods, Math.max(1, roundEven((SMOOTHED * sr) / hop / STEP)));
  return {
    times: Float64Array.from(path, (_, t) => (t * STEP * hop) / sr),
    periods: periods.data.map((p) => (p * hop) / sr),
  };
}

/**
 * The samples around which frames are taken, up to the end, and how many of them a period has. Frame k of each
 * repetition lies where frame k of the one before comes again.
 * @param {Float64Array} times
 * @param {Float64Array} periods
 * @param {number} samples
 * @param {number} sr
 * @param {number} hopLength
 */
export function placesOfFrames(times, periods, samples, sr, hopLength) {
  const frames = Math.max(1, roundEven((median(Array.from(periods)) * sr) / hopLength));
  let repetition = Array.from({ length: frames }, (_, k) => (periods[0] * k) / frames);
  const placed = [...repetition];
  while (repetition[frames - 1] * sr < samples) {
    repetition = repetition.map((time) => time + between(time, times, periods));
    placed.push(...repetition);
  }
  const places = placed.map((time) => roundEven(time * sr));
  // One frame beyond the end, so that the last sample lies between two.
  const beyond = places.findIndex((place) => place >= samples);
  return { places: Int32Array.from(places.slice(0, (beyond < 0 ? places.length : beyond) + 1)), frames };
}

/**
 * What the music looks like from moment to moment: bands of an eighth of an octave. Of each band the square root of its
 * mean magnitude, without what it is around, in units of its own deviation: a soft band has the same vote as a loud
 * one.
 * @param {Numbers[]} channels
 * @param {number} sr
 * @param {number} winLength
 * @returns {Rows}
 */
function looksOf(channels, sr, winLength) {
  const hop = Math.floor(winLength / LOOKS);
  const starts = bands(sr, winLength);
  const widths = [...starts.slice(1), 1 + Math.floor(winLength / 2)].map((end, band) => end - starts[band]);
  const length = 1 + Math.floor((channels[0].length + 2 * Math.floor(winLength / 2) - winLength) / hop);
  const looks = { rows: starts.length, length, data: new Float64Array(starts.length * length) };
  for (const channel of channels) addBands(looks, channel, winLength, hop, starts);
  for (let band = 0, i = 0; band < looks.rows; band++) {
    for (let t = 0; t < length; t++, i++) looks.data[i] = Math.sqrt(looks.data[i] / channels.length / widths[band]);
  }
  const around = { ...looks, data: looks.data.slice() };
  smooth(around, Math.max(1, roundEven(sr / hop)));
  for (let i = 0; i < looks.data.length; i++) looks.data[i] -= around.data[i];
  for (let first = 0; first < looks.data.length; first += length) {
    const row = looks.data.subarray(first, first + length);
    const mean = row.reduce((sum, v) => sum + v, 0) / length;
    const deviation = Math.sqrt(row.reduce((sum, v) => sum + (v - mean) ** 2, 0) / length) + TINY;
    for (let t = 0; t < length; t++) row[t] /= deviation;
  }
  return looks;
}

/**
 * Add the magnitudes of each band of a channel to what there is.
 * @param {Rows} looks
 * @param {Numbers} channel
 * @param {number} winLength
 * @param {number} hop
 * @param {number[]} starts the bands' first bins
 */
function addBands({ rows, length, data }, channel, winLength, hop, starts) {
  const window = sampled(halfsine, winLength, channel);
  const half = Math.floor(winLength / 2);
  const padded = new (precision(channel))(channel.length + 2 * half);
  padded.set(channel, half);
  for (let first = 0; first < length; first += BLOCK) {
    const last = Math.min(first + BLOCK, length) - 1;
    const A = magnitudes(analyse(padded.subarray(first * hop, last * hop + winLength), window, hop));
    for (let n = 0; n < A.frames; n++) {
      for (let band = 0; band < rows; band++) {
        let sum = 0;
        for (let k = starts[band]; k < (starts[band + 1] ?? A.bins); k++) sum += A.data[n * A.bins + k];
        data[band * length + first + n] += sum;
      }
    }
  }
}

/**
 * The first bins of the bands.
 * @param {number} sr
 * @param {number} winLength
 */
function bands(sr, winLength) {
  const starts = Array.from({ length: BANDS }, (_, i) => roundEven((LOWEST * 2 ** (i / PER_OCTAVE) * winLength) / sr));
  return [...new Set(starts)].filter((start) => start < Math.floor(winLength / 2));
}

/**
 * Likeness of each moment to the one a lag later, a row for each lag, gathered over its neighbourhood.
 * @param {Rows} looks
 * @param {number[]} lags
 * @param {number} width
 * @returns {Rows}
 */
function gathered({ rows, length, data }, lags, width) {
  const likeness = { rows: lags.length, length, data: new Float32Array(lags.length * length) };
  const sums = new Float64Array(length);
  lags.forEach((lag, r) => {
    sums.fill(0);
    for (let band = 0; band < rows; band++) {
      for (let t = 0, i = band * length, j = i + lag; t < length - lag; t++, i++, j++) sums[t] += data[i] * data[j];
    }
    likeness.data.set(sums, r * length);
  });
  smooth(likeness, width);
  smooth(likeness, width);
  return likeness;
}

/**
 * Every so many columns, frame by frame: the rows of a column side by side.
 * @param {Rows} all
 * @param {number} until
 * @returns {Matrix}
 */
function everyStep({ rows, length, data }, until) {
  const some = matrix(rows, Math.ceil(until / STEP));
  for (let n = 0, i = 0; n < some.frames; n++) {
    for (let r = 0; r < rows; r++, i++) some.data[i] = data[r * length + n * STEP];
  }
  return some;
}

/**
 * The row for each column: the path of the largest sum, in which each change to the next row costs something.
 * @param {Matrix} likeness
 * @param {number} cost
 * @returns {number[]}
 */
function bestPath({ bins, frames, data }, cost) {
  const less = Math.fround(cost);
  let best = data.slice(0, bins);
  const came = new Int8Array(bins * frames);
  for (let n = 1; n < frames; n++) {
    const next = new Float32Array(bins);
    for (let k = 0; k < bins; k++) {
      let [way, most] = [0, best[k]];
      const fromBelow = k > 0 ? Math.fround(best[k - 1] - less) : -Infinity;
      const fromAbove = k < bins - 1 ? Math.fround(best[k + 1] - less) : -Infinity;
      if (fromBelow > most) [way, most] = [-1, fromBelow];
      if (fromAbove > most) [way, most] = [1, fromAbove];
      came[n * bins + k] = way;
      next[k] = most + data[n * bins + k];
    }
    best = next;
  }
  const path = new Array(frames);
  path[frames - 1] = best.indexOf(Math.max(...best));
  for (let n = frames - 1; n > 0; n--) path[n - 1] = path[n] + came[n * bins + path[n]];
  return path;
}

/**
 * By how much the top of the parabola through a row and its neighbours lies beside the row.
 * @param {Matrix} likeness
 * @param {number} row
 * @param {number} column
 */
function besideRow({ bins, data }, row, column) {
  if (bins < 3) return 0;
  const middle = Math.min(Math.max(row, 1), bins - 2);
  const [before, here, after] = data.subarray(column * bins + middle - 1, column * bins + middle + 2);
  const bend = before - 2 * here + after;
  const beside = bend < 0 ? (0.5 * (before - after)) / bend : 0;
  return Math.min(Math.max(beside, -0.5), 0.5) + middle - row;
}

/**
 * In each row the mean over `width` numbers, mirrored beyond the ends.
 * @param {Rows} all written over
 * @param {number} width
 */
function smooth({ rows, length, data }, width) {
  const before = width >> 1;
  const row = new Float64Array(length);
  /** @param {number} t */
  const mirrored = (t) => {
    const place = ((t % (2 * length)) + 2 * length) % (2 * length);
    return row[place < length ? place : 2 * length - 1 - place];
  };
  for (let first = 0; first < rows * length; first += length) {
    row.set(data.subarray(first, first + length));
    let sum = 0;
    for (let t = 0; t < width; t++) sum += mirrored(t - before);
    for (let t = 0; t < length; t++) {
      data[first + t] = sum / width;
      sum += mirrored(t + width - before) - mirrored(t - before);
    }
  }
}

/**
 * On the straight line between two of the times, and level beyond them.
 * @param {number} time
 * @param {Float64Array} times equally far apart, from 0
 * @param {Float64Array} values
 */
function between(time, times, values) {
  const last = times.length - 1;
  if (time >= times[last]) return values[last];
  let i = Math.min(Math.floor(time / times[1]), last - 1);
  if (times[i] > time) i--;
  else if (times[i + 1] <= time) i++;
  const slope = (values[i + 1] - values[i]) / (times[i + 1] - times[i]);
  return slope * (time - times[i]) + values[i];
}
