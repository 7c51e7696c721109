// The medians: one idea, four neighbourhoods.
//
// A source is what stays the same in some neighbourhood of a spectrogram cell; the median over that neighbourhood
// keeps it. Before and after the cell in time, it keeps steady partials; above and below it in frequency, clicks and
// drums. One, two, three periods away, it keeps what repeats; in the frames that sound most alike, what recurs. All
// are float32, and equal the module's to the last bit.

import { matrix } from "./arrays.js";
import { kernels, numbersAt, room } from "./memory.js";

/** @typedef {import("./arrays.js").Matrix} Matrix */
/** @typedef {ArrayLike<number>} Frames indices of frames */

/**
 * How a matrix goes on beyond its borders: mirrored, the edge cell repeated, or with zeros.
 * @typedef {"reflect" | "zero"} Edges
 */

// Eight lanes side by side.
const LANES = 8;
const FLOAT = 4;
// Frames that go through a kernel at a time, where each is for itself: what is made of them stays in the cache.
const BLOCK = 128;

/**
 * Median of the frames around each cell: promotes what is harmonic.
 * @param {Matrix} A
 * @param {number} widthFrames odd
 * @param {Edges} [edges]
 * @returns {Matrix}
 */
export function medianAcrossTime(A, widthFrames, edges = "reflect") {
  const out = matrix(A.bins, A.frames);
  running(kernels().medianAcrossTime, A, out, A.frames, widthFrames, edges);
  return out;
}

/**
 * Median of the bins around each cell: promotes what is percussive.
 * @param {Matrix} A
 * @param {number} widthBins odd
 * @param {Edges} [edges]
 * @returns {Matrix}
 */
export function medianAcrossFrequency(A, widthBins, edges = "reflect") {
  const { bins, frames } = A;
  const out = matrix(bins, frames);
  for (let n = 0; n < frames; n += BLOCK) {
    const some = Math.min(BLOCK, frames - n);
    const [from, to] = [n * bins, (n + some) * bins];
    const part = { bins, frames: some, data: A.data.subarray(from, to) };
    const its = { bins, frames: some, data: out.data.subarray(from, to) };
    running(kernels().medianAcrossFrequency, part, its, bins, widthBins, edges);
  }
  return out;
}

/**
 * Median of the cells that lie whole periods apart: the repeating model of REPET.
 * @param {Matrix} A
 * @param {number | Frames} periodFrames from 1 to half of A's frames; one period, or one for each frame
 * @param {number | null} [nearest] take only so many repetitions, those nearest to each frame; or else all
 * @returns {Matrix} a frame of the last, partial period counts where it exists and nowhere else
 */
export function medianAcrossPeriods(A, periodFrames, nearest = null) {
  const one = typeof periodFrames === "number" && nearest === null;
  const lists = Array.from({ length: one ? periodFrames : A.frames }, (_, frame) =>
    repetitions(frame, typeof periodFrames === "number" ? periodFrames : periodFrames[frame], A.frames, nearest),
  );
  const medians = medianOfFrames(A, lists);
  if (!one) return medians;
  const model = matrix(A.bins, A.frames);
  for (let n = 0; n < A.frames; n += periodFrames) {
    const frames = Math.min(periodFrames, A.frames - n);
    model.data.set(medians.data.subarray(0, frames * A.bins), n * A.bins);
  }
  return model;
}

/**
 * Median over the frames that are named for each frame: the recurring model of REPET-SIM.
 * @param {Matrix} A
 * @param {Frames[]} neighbours for every frame at least one
 * @returns {Matrix}
 */
export function medianAcrossSimilar(A, neighbours) {
  return medianOfFrames(A, neighbours);
}

/**
 * @param {import("./memory.js").MedianKernel} kernel
 * @param {Matrix} A
 * @param {Matrix} out
 * @param {number} length of the axis along which the window runs
 * @param {number} width
 * @param {Edges} edges
 */
function running(kernel, { bins, frames, data }, out, length, width, edges) {
  const row = LANES * FLOAT;
  const rows = (Math.ceil(length / width) + 1) * width + 4;
  const sorted = (width + 2) * ((width + 1) / 2 + 2);
  // The last lanes may have no frames: what they read and write lies behind the matrix.
  const cells = bins * LANES * Math.ceil(frames / LANES) + LANES;
  const [at, work] = room(cells * FLOAT, (rows + sorted) * row);
  numbersAt(Float32Array, at, data.length).set(data);
  kernel(at, bins, frames, width, Number(edges === "reflect"), work);
  out.data.set(numbersAt(Float32Array, at, data.length));
}

/**
 * @param {Matrix} A
 * @param {Frames[]} lists
 * @returns {Matrix} as many frames as there are lists
 */
function medianOfFrames({ bins, data }, lists) {
  const out = matrix(bins, lists.length);
  const longest = lists.reduce((most, list) => Math.max(most, list.length), 0);
  const named = Int32Array.from(lists.flatMap((list) => [list.length, ...Array.from(list)]));
  const [at, listsAt, outAt, sorted] = room(
    (data.length + LANES) * FLOAT,
    named.byteLength,
    (out.data.length + LANES) * FLOAT,
    (longest / 2 + 4) * LANES * FLOAT,
  );
  numbersAt(Float32Array, at, data.length).set(data);
  numbersAt(Int32Array, listsAt, named.length).set(named);
  kernels().medianOfFrames(at, bins, listsAt, lists.length, outAt, sorted);
  out.data.set(numbersAt(Float32Array, outAt, out.data.length));
  return out;
}

/**
 * The frames whole periods away from this one, the nearest if only some are wanted.
 * @param {number} frame
 * @param {number} period
 * @param {number} frames
 * @param {number | null} nearest
 */
function repetitions(frame, period, frames, nearest) {
  const all = [];
  for (let n = frame % period; n < frames; n += period) all.push(n);
  if (nearest === null || nearest >= all.length) return all;
  const first = Math.min(Math.max(Math.floor(frame / period) - Math.floor(nearest / 2), 0), all.length - nearest);
  return all.slice(first, first + nearest);
}
