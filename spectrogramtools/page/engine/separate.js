// From masks to sounds: what every separation does once its masks are known.
//
// A mixture is transformed, each mask is laid on its spectrogram, and what comes through is transformed back with the
// mixture's phase. Masks that sum to one share the sound itself, so the last sound is what the others leave.

import { CELLS, kernels, numbersAt, room } from "./memory.js";
import { istft, lengths, magnitudes, stft } from "./transforms.js";

/** @typedef {import("./arrays.js").Numbers} Numbers */
/** @typedef {import("./arrays.js").Matrix} Matrix */
/** @typedef {import("./arrays.js").Spectrum} Spectrum */
/** @typedef {import("./transforms.js").WindowFunction} WindowFunction */
/** @typedef {{ winLength?: number | null, hopLength?: number | null, winfunc?: WindowFunction }} Windowed */

/** One channel: `y`, its spectrogram `S`, and the magnitudes `A`; `sounds` goes from masks to waveforms. */
export class Mixture {
  /**
   * @param {Numbers} y
   * @param {number} winLength
   * @param {number} hopLength
   * @param {WindowFunction} [winfunc]
   */
  constructor(y, winLength, hopLength, winfunc) {
    this.y = y;
    this.winLength = winLength;
    this.hopLength = hopLength;
    this.winfunc = winfunc;
    this.S = stft(y, winLength, hopLength, winfunc);
    this.A = magnitudes(this.S);
  }

  /**
   * One sound for each mask, with the mixture's phase.
   * @param {Matrix[]} masks
   * @returns {Numbers[]}
   */
  sounds(masks) {
    const share = sumToOne(masks);
    const found = (share ? masks.slice(0, -1) : masks).map((M) => this.sound(this.S, M));
    return share ? [...found, this.without(found)] : found;
  }

  /**
   * What is left of the channel.
   * @param {Numbers[]} sounds
   * @returns {Numbers}
   */
  without(sounds) {
    const rest = this.y.slice();
    for (const sound of sounds) for (let i = 0; i < rest.length; i++) rest[i] -= sound[i];
    return rest;
  }

  /**
   * The sound of a spectrogram of this shape, as long as the channel.
   * @param {Spectrum} S
   * @param {Matrix | null} [M] a mask to lay on S before
   * @returns {Numbers}
   */
  sound(S, M) {
    return istft(S, this.winLength, this.hopLength, this.y.length, this.winfunc, M);
  }
}

/**
 * Separate one channel with masks.
 * @param {Numbers} y
 * @param {number} sr
 * @param {(A: Matrix) => Matrix[]} masks
 * @param {Windowed} [how] lengths that are not given are 93 ms and a quarter of the window
 * @returns {Numbers[]} one sound for each mask
 */
export function separate(y, sr, masks, how = {}) {
  const { winLength, hopLength } = lengths(sr, how.winLength, how.hopLength);
  const mixture = new Mixture(y, winLength, hopLength, how.winfunc);
  return mixture.sounds(masks(mixture.A));
}

/**
 * Whether masks share every cell out completely, to the rounding of float32.
 * @param {Matrix[]} masks
 */
export function sumToOne(masks) {
  const cells = masks[0].data.length;
  const [at, more] = room(4 * CELLS, 4 * CELLS);
  for (let from = 0; from < cells; from += CELLS) {
    const count = Math.min(CELLS, cells - from);
    masks.forEach(({ data }, i) => {
      numbersAt(Float32Array, i ? more : at, count).set(data.subarray(from, from + count));
      if (i) kernels().sum(at, more, count);
    });
    if (!kernels().areOne(at, count)) return false;
  }
  return true;
}
