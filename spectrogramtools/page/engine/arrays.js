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
 * The inner product, in double precision.
 * @param {Numbers} a
 * @param {Numbers} b
 * @returns {number}
 */
export function inner(a, b) {
  // Four sums side by side, since each addition waits for the one before.
  let [sum, second, third, fourth] = [0, 0, 0, 0];
  const whole = a.length - (a.length % 4);
  for (let i = 0; i < whole; i += 4) {
    sum += a[i] * b[i];
    second += a[i + 1] * b[i + 1];
    third += a[i + 2] * b[i + 2];
    fourth += a[i + 3] * b[i + 3];
  }
  for (let i = whole; i < a.length; i++) sum += a[i] * b[i];
  return sum + second + (third + fourth);
}

/**
 * The precision that an array has.
 * @param {Numbers} numbers
 * @returns {Precision}
 */
export function precision(numbers) {
  return numbers instanceof Float64Array ? Float64Array : Float32Array;
}
