// How well do the repetitions agree? Leave each one out, and see how far the median of the others is from it.
//
// Of two periods, or of a steady and a moving one, the better is the one with the smaller error. A median of few
// repetitions is less sure of itself; where that must not count, because few long periods are compared with many short
// ones, the error is brought to what it would be with any number of them.
//
// Functions: `repetitions` stacks them, `leftOutError` compares them, `ofEndless` corrects for their number, and
// `standsOut` asks whether a period is better than any other lag.

import { precision } from "./arrays.js";
import { roundEven } from "./rounding.js";

/** @typedef {import("./arrays.js").Numbers} Numbers */
/** @typedef {import("./arrays.js").Matrix} Matrix */

/**
 * Repetitions on one another: cell c of repetition i is at i * cells + c.
 * @typedef {{ count: number, cells: number, data: Numbers }} Stack
 */

// Every fourth row says the same as all of them, and the lowest rows are the high-pass's.
const FIRST_ROW = 5;
const EVERY_ROW = 4;
// A period stands out if its error is less than so many times the usual one. Of a melody it is 0.96 or more, because
// the best lag is never quite usual; of a loop under a voice that is 10 dB louder, 0.96 or less.
const STANDS_OUT = 0.97;

/**
 * The whole repetitions; a period need not be a whole number of frames.
 * @param {Matrix} A
 * @param {number} periodFrames
 * @returns {Stack}
 */
export function repetitions(A, periodFrames) {
  const length = Math.floor(periodFrames);
  const starts = [];
  for (let i = 0; i < A.frames / periodFrames; i++) {
    const start = roundEven(i * periodFrames);
    if (start + length <= A.frames) starts.push(start);
  }
  const rows = Math.max(0, Math.ceil((A.bins - FIRST_ROW) / EVERY_ROW));
  const cells = length * rows;
  const data = new (precision(A.data))(starts.length * cells);
  let at = 0;
  for (const start of starts) {
    for (let n = start; n < start + length; n++) {
      for (let k = FIRST_ROW; k < A.bins; k += EVERY_ROW) data[at++] = A.data[n * A.bins + k];
    }
  }
  return { count: starts.length, cells, data };
}

/**
 * How far each repetition is from the median of all others, or of the nearest: 0 where all are equal. In magnitudes,
 * relative to their sum; silence gives 0.
 * @param {Stack} stack
 * @param {number | null} [nearest]
 * @param {[number, number]} [among] the first of the repetitions that are looked at, and the one after the last
 */
export function leftOutError(stack, nearest = null, among = [0, stack.count]) {
  const { count, cells, data } = stack;
  const [first, end] = among.map((i) => Math.min(i, count));
  const total = loudness(stack, among);
  if (total === 0 || count < 2) return 0;
  const few = nearest !== null && nearest < count - 1;
  const round = precision(data) === Float32Array ? Math.fround : Number;
  const values = new Float64Array(few ? nearest : count);
  let error = 0;
  for (let c = 0; c < cells; c++) {
    if (!few) {
      for (let i = 0; i < count; i++) values[i] = data[i * cells + c];
      inOrder(values);
    }
    for (let i = first; i < end; i++) {
      const one = data[i * cells + c];
      const others = few ? medianAround(stack, c, i, values) : medianWithout(one, values);
      error += Math.abs(round(one - round(others)));
    }
  }
  return error / total;
}

/**
 * The sum of the magnitudes of some repetitions.
 * @param {Stack} stack
 * @param {[number, number]} [among]
 */
export function loudness({ count, cells, data }, among = [0, count]) {
  let sum = 0;
  for (let i = among[0] * cells; i < Math.min(among[1], count) * cells; i++) sum += data[i];
  return sum;
}

/**
 * The error of so many repetitions, as it would be with endlessly many. A median of m values has pi / 2m of their
 * variance, so the difference between a value and the median of n - 1 others is larger by the root of
 * 1 + pi / (2 (n - 1)).
 * @param {number} error
 * @param {number} n
 */
export function ofEndless(error, n) {
  return error / Math.sqrt(1 + Math.PI / (2 * (n - 1)));
}

/**
 * Whether repetitions of this period agree better than pieces of about the same length do.
 * @param {Matrix} A
 * @param {number} periodFrames
 */
export function standsOut(A, periodFrames) {
  // Not near the period and not near a simple fraction or multiple of it.
  const others = [0.63, 0.71, 0.79, 0.87, 1.13, 1.21, 1.29]
    .map((factor) => periodFrames * factor)
    .filter((frames) => frames >= 1 && frames <= A.frames / 3);
  if (!others.length) return true;
  // Equally many of each, because a median of few is less sure of itself.
  const n = Math.floor(A.frames / Math.max(periodFrames, ...others));
  const [own, ...errors] = [periodFrames, ...others].map((frames) => {
    const stack = repetitions(A, frames);
    const count = Math.min(n, stack.count);
    return leftOutError({ ...stack, count, data: stack.data.subarray(0, count * stack.cells) });
  });
  return own < STANDS_OUT * median(errors);
}

/**
 * The median of a few numbers.
 * @param {number[]} numbers
 */
export function median(numbers) {
  const ordered = [...numbers].sort((a, b) => a - b);
  const half = ordered.length >> 1;
  return ordered.length % 2 ? ordered[half] : (ordered[half - 1] + ordered[half]) / 2;
}

/**
 * The median of sorted values but for one of them: near the middle, on the other side of the one.
 * @param {number} one
 * @param {Float64Array} ordered
 */
function medianWithout(one, ordered) {
  const h = ordered.length >> 1;
  if (ordered.length % 2 === 0) return one <= ordered[h - 1] ? ordered[h] : ordered[h - 1];
  const [below, here, above] = [ordered[h - 1], ordered[h], ordered[h + 1]];
  if (one < here) return (here + above) / 2;
  return (below + (one > here ? here : above)) / 2;
}

/**
 * The median of a cell in the repetitions nearest to one of them, without this one.
 * @param {Stack} stack
 * @param {number} c the cell
 * @param {number} i the repetition
 * @param {Float64Array} values as many as are taken
 */
function medianAround({ count, cells, data }, c, i, values) {
  const nearest = values.length;
  const start = Math.min(Math.max(i - (nearest >> 1), 0), count - nearest - 1);
  for (let j = start, at = 0; j <= start + nearest; j++) if (j !== i) values[at++] = data[j * cells + c];
  inOrder(values);
  return (values[(nearest - 1) >> 1] + values[nearest >> 1]) / 2;
}

/**
 * Sort a few numbers where they are.
 * @param {Float64Array} values
 */
function inOrder(values) {
  for (let i = 1; i < values.length; i++) {
    const value = values[i];
    let j = i;
    for (; j > 0 && values[j - 1] > value; j--) values[j] = values[j - 1];
    values[j] = value;
  }
}
