// Browsers make floats of 16-bit sounds in two ways: by 1/32768, or where they are positive by 1/32767.

/**
 * The whole numbers that a decoded channel was made from.
 * @param {Float32Array} y
 * @returns {Int16Array}
 */
export function wholeNumbers(y) {
  // With the wrong factor most samples lie between whole numbers.
  let [with32767, with32768] = [0, 0];
  for (const v of y) {
    if (v <= 0) continue;
    with32767 += Math.abs(v * 32767 - Math.round(v * 32767));
    with32768 += Math.abs(v * 32768 - Math.round(v * 32768));
  }
  const positive = with32767 < with32768 ? 32767 : 32768;
  return Int16Array.from(y, (v) => Math.min(32767, Math.round(v * (v > 0 ? positive : 32768))));
}
