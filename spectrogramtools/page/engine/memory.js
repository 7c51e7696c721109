// What runs as WebAssembly, and the memory that it works in.
//
// The kernels (kernels/*.ts) are made when they are first called. They know nothing of arrays: what they work on is
// copied into their memory before, and what they found out of it afterwards.

import code from "../built/kernels.js";

/**
 * @typedef {(y: number, re: number, im: number, frames: number, length: number, hop: number, window: number,
 *   roots: number, work: number) => void} FramesKernel
 * @typedef {(A: number, bins: number, frames: number, width: number, reflect: number, work: number) => void}
 *   MedianKernel
 */

/**
 * @typedef {object} Kernels
 * @property {WebAssembly.Memory} memory
 * @property {(A: number, B: number, M: number, rest: number, count: number, power: number) => void} softMasks
 * @property {(A: number, B: number, count: number) => void} product
 * @property {(A: number, B: number, count: number) => void} sum
 * @property {(A: number, count: number) => number} areOne
 * @property {(A: number, model: number, over: number, under: number, bins: number, frames: number) => void} deviations
 * @property {(A: number, model: number, M: number, trust: number, powers: number, bins: number, frames: number) =>
 *   void} fittedMask
 * @property {(A: number, bins: number, frames: number, columns: number, starts: number, rows: number, out: number,
 *   column: number) => void} loudestCells
 * @property {(cells: number, count: number, scale: number, steps: number) => void} levels
 * @property {FramesKernel} analyse32
 * @property {FramesKernel} analyse64
 * @property {FramesKernel} synthesise32
 * @property {FramesKernel} synthesise64
 * @property {MedianKernel} medianAcrossTime
 * @property {MedianKernel} medianAcrossFrequency
 * @property {(A: number, bins: number, lists: number, count: number, out: number, sorted: number) => void}
 *   medianOfFrames
 * @property {(cells: number, rows: number, width: number, size: number, work: number) => void} largestOfRows
 * @property {(A: number, stride: number, frames: number, first: number, rows: number, from: number, out: number) =>
 *   void} products
 * @property {(re: number, im: number, count: number, step: number, many: number, apart: number, length: number,
 *   radices: number, roots: number, chirp: number, work: number) => void} transforms
 */

const PAGE = 65536;
// So many cells of matrices go through the kernels at a time where that can be: they stay in the cache.
export const CELLS = 16384;

/** @type {Kernels | undefined} */
let made;

/** @returns {Kernels} */
export function kernels() {
  if (!made) {
    const module = new WebAssembly.Module(Uint8Array.from(atob(code), (c) => c.charCodeAt(0)));
    made = /** @type {Kernels} */ (/** @type {unknown} */ (new WebAssembly.Instance(module).exports));
  }
  return made;
}

/**
 * Where things of so many bytes find room side by side in the kernels' memory, until somebody else asks for room.
 * @param {...number} sizes
 * @returns {number[]}
 */
export function room(...sizes) {
  let end = 0;
  const places = sizes.map((size) => {
    const place = end;
    end += Math.ceil(size / 64) * 64;
    return place;
  });
  const { memory } = kernels();
  const missing = Math.ceil(end / PAGE) - memory.buffer.byteLength / PAGE;
  if (missing > 0) memory.grow(missing);
  return places;
}

/**
 * Numbers in the kernels' memory; `room` may end the array's life.
 * @template T
 * @param {{ new (buffer: ArrayBuffer, at: number, length: number): T }} Type
 * @param {number} at
 * @param {number} length
 * @returns {T}
 */
export function numbersAt(Type, at, length) {
  return new Type(kernels().memory.buffer, at, length);
}
