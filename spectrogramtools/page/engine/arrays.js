// The arrays that the engine speaks of, and what makes them.
//
// A spectrogram's frames lie one after the other, the bins of a frame side by side: bin k of frame n is at n * bins +
// k. (The Python module speaks of the same matrix as of shape (bins, frames).) Magnitudes, masks and models are
// float32, as there; float64 is for those who want to see an error that is not rounding.

/** @typedef {Float32Array | Float64Array} Numbers */
/**
 * Float32Array or Float64Array itself.
 * @typedef {{
 *   new (length: number): Numbers,
 *   new (numbers: ArrayLike<number>): Numbers,
 *   new (buffer: ArrayBuffer, at: number, length: number): Numbers,
 *   BYTES_PER_ELEMENT: number,
 * }} Precision
 */

/**
 * Magnitudes, a mask or a model.
 * @typedef {{ bins: number, frames: number, data: Numbers }} Matrix
 */

/**
 * A complex spectrogram, real and imaginary parts apart.
 * @typedef {{ bins: number, frames: number, re: Numbers, im: Numbers }} Spectrum
 */

/**
 * A matrix of zeros.
 * @param {number} bins
 * @param {number} frames
 * @param {Precision} [Type]
 * @returns {Matrix}
 */
export function matrix(bins, frames, Type = Float32Array) {
  return { bins, frames, data: new Type(bins * frames) };
}

/**
 * A spectrum of zeros.
 * @param {number} bins
 * @param {number} frames
 * @param {Precision} [Type]
 * @returns {Spectrum}
 */
export function spectrum(bins, frames, Type = Float32Array) {
  return { bins, frames, re: new Type(bins * frames), im: new Type(bins * frames) };
}

/**
 * The precision that an array has.
 * @param {Numbers} numbers
 * @returns {Precision}
 */
export function precision(numbers) {
  return numbers instanceof Float64Array ? Float64Array : Float32Array;
}
