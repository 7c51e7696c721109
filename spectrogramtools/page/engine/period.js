// When does the music repeat? The beat spectrum, and the period to a fraction of a sample.
//
// `findPeriod` works in two steps. The spectrogram decides roughly: the lag at which it is most like itself, every
// frequency row with one vote, however loud. Then the waveform decides between this lag, its multiples and its
// divisions, and where exactly it lies: copies of a loop agree sample by sample, a melody above them does not. Where
// the waveform does not repeat, because people play and no two bars are the same, the repetitions decide: the period is
// the one of which a repetition is best foretold by the others.
//
// Conventions: autocorrelations are normalised by the energies of the two parts that overlap, so a slow fade costs
// nothing. A sound is a list of channels. Where the module adds in float32, so does this; its transforms are rounded in
// float32 as well, and these are not.

import { matrix, precision } from "./arrays.js";
import { irfft, rfft, transform } from "./fft.js";
import { leftOutError, median, ofEndless, repetitions } from "./agreement.js";
import { roundEven } from "./rounding.js";
import { magnitudes, stft } from "./transforms.js";

/** @typedef {import("./arrays.js").Numbers} Numbers */
/** @typedef {import("./arrays.js").Matrix} Matrix */

// Analysis for the rough answer, in samples.
const WIN = 2048;
const HOP = 512;
// Seconds; what takes longer to come back is a verse, and in it the bars repeat.
const LONGEST = 10;
// A period is judged by its multiples up to this part of the clip; beyond, too little overlaps.
const JUDGED = 0.75;
// A shorter period wins if its multiples agree at least nine tenths as well as the best one's.
const NEARLY = 0.9;
// Samples of a waveform that are looked at: two minutes at 22.05 kHz.
const LOOKED_AT = 120 * 22050;
// Lags beyond the last multiple that are still looked at.
const REACH = 8;
// Bins of the waveform's spectrum in which what is usual is found, and by how much (in energy) a bin may exceed it.
const NEIGHBOURHOOD = 1024;
const CUT = 1000;
// Below this correlation the waveform does not repeat.
const REPEATS = 0.1;
// A shorter period wins if its repetitions' error is at most so many times the best one's, and so much more: where the
// waveform repeats, a multiple must be clearly better.
const CLEARLY = [1.06, 0.01];
const HARDLY = [1.02, 0];
// Seconds; where people play, less than a bar is no period.
const BAR = 1.5;
// The smallest positive number that float32 has without loss.
const TINY = 2 ** -126;

/**
 * How like itself is the music a while later? The autocorrelation of the rows of A squared, averaged over the rows.
 * @param {Matrix} A
 * @returns {Numbers} for lags in frames, unbiased and divided by lag 0, so that b[0] is 1; silence gives zeros
 */
export function beatSpectrum({ bins, frames, data }) {
  let loudest = 0;
  for (let i = 0; i < data.length; i++) if (data[i] > loudest) loudest = data[i];
  const beats = new (precision(data))(frames);
  if (loudest === 0) return beats;
  const energies = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) energies[i] = (data[i] / loudest) ** 2;
  const b = autocorrelation(energies, bins, frames);
  for (let lag = 0; lag < frames; lag++) beats[lag] = b[lag] / (frames - lag) / (b[0] / frames);
  return beats;
}

/**
 * The shortest period at which the music repeats.
 * @param {Numbers[]} channels all of which have one period
 * @param {number} sr
 * @param {{ minPeriod?: number, maxPeriod?: number | null }} [range] in seconds; the longest is a third of the clip, so
 *   that it holds three repetitions, and at most 10
 * @returns {number} seconds, to a fraction of a sample where the waveform itself repeats, or else to a fraction of a
 *   frame of 512 samples
 */
export function findPeriod(channels, sr, { minPeriod = 0.8, maxPeriod = null } = {}) {
  const n = channels[0].length;
  const lasts = n / sr;
  moreThanNothing(minPeriod, "min_period");
  const shortest = Math.max(minPeriod * sr, 2 * HOP);
  const usual = Math.min(lasts / 3, Math.max(LONGEST, (4 * shortest) / sr));
  const most = maxPeriod === null ? usual : atMost(maxPeriod, "max_period", lasts / 2);
  if (shortest > most * sr || n < 6 * HOP) {
    throw new Error(
      `a period of ${short(minPeriod)} s or more and ${short(most)} s or less leaves no room for a period in y, ` +
        `which lasts ${lasts.toFixed(2)} s: give a y that holds it three times, or say what you know (period= to ` +
        "repet, min_period= to find_period).",
    );
  }
  if (isSilent(channels)) throw new Error("y is silent: nothing in it can repeat.");
  const longest = most * sr;
  const rough = fromSpectrogram(channels, shortest, longest);
  const exact = fromWaveform(channels, rough, shortest, longest);
  const period =
    exact !== null
      ? fromRepetitions(channels, exact, [1], CLEARLY, shortest, longest)
      : fromRepetitions(channels, rough, [1, 2, 3, 4], HARDLY, Math.max(shortest, BAR * sr), longest);
  // Where no whole frame lies between the two, the nearest one has been looked at.
  return Math.min(Math.max(period / sr, minPeriod), most);
}

/**
 * A period given by hand: it must occur twice.
 * @param {number} period seconds
 * @param {number} samples
 * @param {number} sr
 */
export function secondsThatRepeat(period, samples, sr) {
  moreThanNothing(period, "period");
  if (period > samples / sr / 2) {
    throw new Error(
      `period is ${short(period)} s, but y lasts ${short(samples / sr)} s: what does not occur twice does not ` +
        `repeat; use at most ${short(samples / sr / 2)} s.`,
    );
  }
  return period;
}

/**
 * The hop near a quarter of the window of which the period, in samples, is most nearly a whole multiple.
 * @param {number} period
 * @param {number} winLength
 */
export function fittingHop(period, winLength) {
  const first = Math.floor(winLength / 6);
  let [best, least] = [first, Infinity];
  for (let hop = first; hop <= Math.floor(winLength / 3); hop++) {
    if (hop > period && hop > first) break;
    const slide = Math.abs(period - hop * roundEven(period / hop));
    // A sample of sliding weighs as much as a hop that is fifty samples away from the usual.
    const cost = slide + 0.02 * Math.abs(hop - winLength / 4);
    if (cost < least) [best, least] = [hop, cost];
  }
  return best;
}

/**
 * Of a long song the middle says it as well, if it holds the rough period (in samples) a dozen times.
 * @param {Numbers[]} channels
 * @param {number} rough
 */
export function middleOf(channels, rough) {
  const n = channels[0].length;
  const kept = Math.min(n, Math.max(LOOKED_AT, Math.floor(12 * rough)));
  const first = Math.floor((n - kept) / 2);
  return channels.map((channel) => channel.subarray(first, first + kept));
}

/**
 * Whether there is nothing to hear.
 * @param {Numbers[]} channels
 */
export function isSilent(channels) {
  return channels.every((channel) => channel.every((v) => v === 0));
}

/**
 * Matrices of equally many frames as one, the rows of the first below those of the second.
 * @param {Matrix[]} matrices
 * @returns {Matrix}
 */
function stacked(matrices) {
  if (matrices.length === 1) return matrices[0];
  const bins = matrices.reduce((sum, A) => sum + A.bins, 0);
  const all = matrix(bins, matrices[0].frames, precision(matrices[0].data));
  for (let n = 0, at = 0; n < all.frames; n++) {
    for (const A of matrices) {
      all.data.set(A.data.subarray(n * A.bins, (n + 1) * A.bins), at);
      at += A.bins;
    }
  }
  return all;
}

/**
 * Of a period, its multiples and its divisions the shortest whose repetitions agree nearly best.
 * @param {Numbers[]} channels
 * @param {number} period samples, as all that follow
 * @param {number[]} divisions
 * @param {number[]} nearly
 * @param {number} shortest
 * @param {number} longest
 */
function fromRepetitions(channels, period, divisions, nearly, shortest, longest) {
  const heard = middleOf(channels, period);
  const hop = fittingHop(period, WIN);
  const A = stacked(heard.map((channel) => magnitudes(stft(channel, WIN, hop))));
  /** @type {{ candidate: number, error: number }[]} */
  const found = [];
  for (const division of divisions) {
    for (const multiple of [1, 2, 3, 4, 6, 8]) {
      const candidate = (period * multiple) / division;
      const fits = shortest - 1 <= candidate && candidate <= Math.min(longest, heard[0].length / 3) + 1;
      if (!fits || gcd(multiple, division) > 1) continue;
      const stack = repetitions(A, candidate / hop);
      found.push({ candidate, error: ofEndless(leftOutError(stack), stack.count) });
    }
  }
  if (!found.length) return period;
  const enough = nearly[0] * Math.min(...found.map(({ error }) => error)) + nearly[1];
  return Math.min(...found.filter(({ error }) => error <= enough).map(({ candidate }) => candidate));
}

/**
 * The best lag of the spectrogram, in samples, to a fraction of a frame.
 * @param {Numbers[]} channels
 * @param {number} shortest
 * @param {number} longest
 */
function fromSpectrogram(channels, shortest, longest) {
  // Every other row: a partial is wider than one bin, so its neighbour says the same.
  const votes = stacked(channels.map((channel) => everyOtherRow(magnitudes(stft(channel, WIN, HOP)))));
  equalise(votes);
  const last = Math.floor(longest / HOP);
  const first = Math.min(Math.ceil(shortest / HOP), last);
  const likeness = normalisedAutocorrelation(votes, last + 2);
  const lag = highest(likeness, first, last + 1);
  // The vertex of the parabola through the best lag and its two neighbours.
  const [before, here, after] = likeness.subarray(lag - 1, lag + 2);
  const bend = before - 2 * here + after;
  const vertex = bend < 0 ? (before - after) / (2 * bend) : 0;
  return (lag + Math.min(Math.max(vertex, -0.5), 0.5)) * HOP;
}

/**
 * @param {Matrix} A
 * @returns {Matrix}
 */
function everyOtherRow(A) {
  const rows = matrix(Math.ceil(A.bins / 2), A.frames, precision(A.data));
  for (let n = 0, at = 0; n < A.frames; n++) {
    for (let k = 0; k < A.bins; k += 2) rows.data[at++] = A.data[n * A.bins + k];
  }
  return rows;
}

/**
 * Each row without its mean, in units of its own deviation.
 * @param {Matrix} rows written over
 */
function equalise({ bins, frames, data }) {
  const sums = new (precision(data))(bins);
  for (let n = 0, i = 0; n < frames; n++) for (let k = 0; k < bins; k++, i++) sums[k] += data[i];
  for (let k = 0; k < bins; k++) sums[k] /= frames;
  const squares = new (precision(data))(bins);
  for (let n = 0, i = 0; n < frames; n++) {
    for (let k = 0; k < bins; k++, i++) {
      data[i] -= sums[k];
      squares[k] += data[i] * data[i];
    }
  }
  for (let k = 0; k < bins; k++) squares[k] = Math.sqrt(squares[k] / frames) + TINY;
  for (let n = 0, i = 0; n < frames; n++) for (let k = 0; k < bins; k++, i++) data[i] /= squares[k];
}

/**
 * Of the rough period, its multiples and its divisions the shortest that repeats nearly as well as the best; null where
 * the waveform does not repeat.
 * @param {Numbers[]} channels
 * @param {number} rough
 * @param {number} shortest
 * @param {number} longest
 */
function fromWaveform(channels, rough, shortest, longest) {
  const heard = middleOf(channels, rough);
  const n = heard[0].length;
  const most = Math.min(longest, n / 3);
  const likeness = flattenedAutocorrelation(heard, Math.floor(JUDGED * n) + REACH);
  // Not so far that the search would come near lag 0, where everything is like itself.
  const exact = sharpened(likeness, rough, Math.min(2 * HOP, Math.floor(rough / 4)));
  /** @type {{ period: number, agrees: number }[]} */
  const found = [];
  for (let division = 1; division <= 8; division++) {
    for (let multiple = 1; multiple <= 4; multiple++) {
      const about = (exact * multiple) / division;
      if (gcd(multiple, division) > 1 || about < shortest - 1 || about > most + 1) continue;
      const period = sharpened(likeness, about, 3);
      found.push({ period, agrees: agreement(likeness, period) });
    }
  }
  const best = Math.max(...found.map(({ agrees }) => agrees));
  if (best < REPEATS) return null;
  return Math.min(...found.filter(({ agrees }) => agrees >= NEARLY * best).map(({ period }) => period));
}

/**
 * The best period within `reach` samples: a whole number first, then ever finer by looking at its multiples.
 * @param {Numbers} likeness
 * @param {number} period
 * @param {number} reach
 */
function sharpened(likeness, period, reach) {
  const last = likeness.length - REACH;
  let best = peak(likeness, period, reach);
  for (let multiple = 2; multiple * best <= last; multiple *= 2) best = peak(likeness, multiple * best, 4) / multiple;
  return best;
}

/**
 * Where likeness is highest within `reach` of a place.
 * @param {Numbers} likeness
 * @param {number} place
 * @param {number} reach
 */
function peak(likeness, place, reach) {
  return highest(likeness, Math.max(1, roundEven(place) - reach), roundEven(place) + reach + 1);
}

/**
 * Mean likeness over the multiples of a period.
 * @param {Numbers} likeness
 * @param {number} period
 */
function agreement(likeness, period) {
  const multiples = Math.max(1, Math.floor((likeness.length - REACH) / period));
  let sum = 0;
  for (let multiple = 1; multiple <= multiples; multiple++) {
    const place = roundEven(multiple * period);
    let best = -Infinity;
    for (let beside = -2; beside <= 2; beside++) {
      best = Math.max(best, likeness[Math.min(Math.max(place + beside, 0), likeness.length - 1)]);
    }
    sum += best;
  }
  return sum / multiples;
}

/**
 * The place of the largest number from `first` up to, but not including, `end`.
 * @param {Numbers} numbers
 * @param {number} first
 * @param {number} end
 */
function highest(numbers, first, end) {
  let best = first;
  for (let i = first + 1; i < Math.min(end, numbers.length); i++) if (numbers[i] > numbers[best]) best = i;
  return best;
}

/**
 * Sum over the columns of X of their autocorrelations.
 * @param {Numbers} X number t of column c is at t * columns + c
 * @param {number} columns
 * @param {number} lags so many, from 0
 * @returns {Float64Array}
 */
function autocorrelation(X, columns, lags) {
  const n = X.length / columns;
  const length = lengthFor(n + lags);
  const run = transform(length);
  const [re, im, power] = [new Float64Array(length), new Float64Array(length), new Float64Array(length)];
  // Two columns at a time, as real and imaginary part. Their powers add up to the mean of the power at a bin and at the
  // one that mirrors it; the real part of the transform back takes this mean by itself.
  for (let c = 0; c < columns; c += 2) {
    re.fill(0, n);
    im.fill(0);
    for (let t = 0, at = c; t < n; t++, at += columns) re[t] = X[at];
    if (c + 1 < columns) for (let t = 0, at = c + 1; t < n; t++, at += columns) im[t] = X[at];
    run(re, im);
    for (let k = 0; k < length; k++) power[k] += re[k] * re[k] + im[k] * im[k];
  }
  run(power, im.fill(0));
  return power.subarray(0, lags).map((v) => v / length);
}

/**
 * A length of at least n that has few odd factors: these cost more than some numbers more do.
 * @param {number} n
 */
function lengthFor(n) {
  return Math.min(...[1, 3, 5, 9].map((odd) => odd * 2 ** Math.ceil(Math.log2(n / odd))));
}

/**
 * The same, divided at each lag by the energies of the two parts that overlap: 1 where they are equal.
 * @param {Matrix} X the columns are its bins
 * @param {number} lags
 */
function normalisedAutocorrelation({ bins, frames, data }, lags) {
  const likeness = autocorrelation(data, bins, lags);
  const energies = new Float64Array(frames);
  for (let n = 0, i = 0; n < frames; n++) for (let k = 0; k < bins; k++, i++) energies[n] += data[i] * data[i];
  const energy = sumsUpTo(energies);
  for (let lag = 0; lag < lags; lag++) likeness[lag] /= Math.max(overlap(energy, lag), 1e-9 * energy[frames]);
  return likeness;
}

/**
 * The same of a waveform whose spectrum has been flattened.
 *
 * A hum, a held chord or an offset is like itself at any lag and would drown the loop. It stands in few bins of the
 * spectrum, far above their surroundings, and is cut down to a multiple of what is usual there.
 * @param {Numbers[]} channels
 * @param {number} lags
 * @returns {Numbers}
 */
function flattenedAutocorrelation(channels, lags) {
  const n = channels[0].length;
  const Type = precision(channels[0]);
  const length = lengthFor(n + lags);
  const faded = fade(n, Type);
  const power = new Float64Array(1 + Math.floor(length / 2));
  const energies = new Float64Array(n);
  for (const channel of channels) {
    const { re, im } = rfft(channel.map((v, i) => v * faded[i]), length);
    for (let k = 0; k < power.length; k++) power[k] += re[k] * re[k] + im[k] * im[k];
    for (let i = 0; i < n; i++) energies[i] += (channel[i] * faded[i]) ** 2;
  }
  for (let first = 0; first + NEIGHBOURHOOD <= power.length; first += NEIGHBOURHOOD) {
    const block = power.subarray(first, first + NEIGHBOURHOOD);
    const most = CUT * median(Array.from(block.filter((_, k) => k % 8 === 0)));
    for (let k = 0; k < NEIGHBOURHOOD; k++) block[k] = Math.min(block[k], most);
  }
  const found = irfft(power, new Float64Array(power.length), length);
  const energy = sumsUpTo(energies);
  const whole = Math.max(Math.fround(found[0]), TINY);
  const likeness = new Type(lags);
  for (let lag = 0; lag < lags; lag++) {
    likeness[lag] = found[lag] / whole;
    likeness[lag] /= Math.max(overlap(energy, lag) / energy[n], 1e-9);
  }
  return likeness;
}

/**
 * A tenth in and a tenth out, so that a tone stays in its bins.
 * @param {number} n
 * @param {import("./arrays.js").Precision} Type
 */
function fade(n, Type) {
  const faded = new Type(n).fill(1);
  const ramp = Math.floor(n / 10);
  const step = Math.PI / 2 / (ramp - 1);
  for (let i = 0; i < ramp; i++) faded[i] = faded[n - 1 - i] = Math.sin(i * step) ** 2;
  return faded;
}

/**
 * 0, the first number, the sum of the first two, and so on.
 * @param {Float64Array} numbers
 */
function sumsUpTo(numbers) {
  const sums = new Float64Array(numbers.length + 1);
  for (let i = 0; i < numbers.length; i++) sums[i + 1] = sums[i] + numbers[i];
  return sums;
}

/**
 * The root of the product of the energies of two parts, of which one leaves out the end and the other the beginning.
 * @param {Float64Array} energy sums up to each place
 * @param {number} lag
 */
function overlap(energy, lag) {
  const n = energy.length - 1;
  return Math.sqrt(energy[n - lag] * (energy[n] - energy[lag]));
}

/**
 * @param {number} a
 * @param {number} b
 * @returns {number}
 */
function gcd(a, b) {
  return b ? gcd(b, a % b) : a;
}

/**
 * @param {number} seconds
 * @param {string} name
 */
export function moreThanNothing(seconds, name) {
  if (seconds > 0 && seconds < Infinity) return seconds;
  throw new Error(`${name} is ${short(seconds)}, but it must be a finite number, more than 0.`);
}

/**
 * A number with six digits at the most.
 * @param {number} x
 */
export function short(x) {
  return String(Number(x.toPrecision(6)));
}

/**
 * @param {number} seconds
 * @param {string} name
 * @param {number} most
 */
function atMost(seconds, name, most) {
  if (seconds >= 0 && seconds <= most) return seconds;
  const wanted = `a finite number, at least 0 and at most ${short(most)}`;
  throw new Error(`${name} is ${short(seconds)}, but it must be ${wanted}.`);
}
