// A transform whose frames lie where one wants them, not equally far apart.
//
// The inverse is the least-squares one, as with equal hops: overlap-add the windowed frames and divide by the sum of
// the squared windows, wherever they lie (Griffin and Lim, 1984). It gives the sound back as long as the windows cover
// it.

import { precision, spectrum } from "./arrays.js";
import { irfft, rfft } from "./fft.js";
import { applyMask } from "./masks.js";
import { COVERED, halfsine, magnitudes, sampled } from "./transforms.js";

/** @typedef {import("./arrays.js").Numbers} Numbers */
/** @typedef {import("./arrays.js").Matrix} Matrix */
/** @typedef {import("./arrays.js").Spectrum} Spectrum */

/** One channel, of which frame k is centred on sample places[k]; places ascend. */
export class PlacedMixture {
  /**
   * @param {Numbers} y
   * @param {number} winLength
   * @param {Int32Array} places
   */
  constructor(y, winLength, places) {
    this.y = y;
    this.places = places;
    this.window = sampled(halfsine, winLength, y);
    this.S = this.analysed();
    this.A = magnitudes(this.S);
  }

  /**
   * The sound of a spectrogram of this shape, as long as the channel.
   * @param {Spectrum} S
   * @param {Matrix | null} [M] a mask to lay on S before
   * @returns {Numbers}
   */
  sound(S, M = null) {
    const { bins, re, im } = M ? applyMask(S, M) : S;
    const length = this.window.length;
    const total = this.y.slice().fill(0);
    const squares = total.slice();
    this.places.forEach((place, n) => {
      const [from, to] = [n * bins, (n + 1) * bins];
      const frame = irfft(re.subarray(from, to), im.subarray(from, to), length);
      const start = place - Math.floor(length / 2);
      const end = Math.min(length, total.length - start);
      for (let i = Math.max(0, -start); i < end; i++) {
        total[start + i] += frame[i] * this.window[i];
        squares[start + i] += this.window[i] * this.window[i];
      }
    });
    for (let i = 0; i < total.length; i++) total[i] = squares[i] > COVERED ? total[i] / squares[i] : 0;
    return total;
  }

  /** @returns {Spectrum} */
  analysed() {
    const length = this.window.length;
    const S = spectrum(1 + Math.floor(length / 2), this.places.length, precision(this.y));
    const frame = new Float64Array(length);
    this.places.forEach((place, n) => {
      const start = place - Math.floor(length / 2);
      for (let i = 0; i < length; i++) frame[i] = this.window[i] * (this.y[start + i] ?? 0);
      const { re, im } = rfft(frame);
      S.re.set(re, n * S.bins);
      S.im.set(im, n * S.bins);
    });
    return S;
  }
}
