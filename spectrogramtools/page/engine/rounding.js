// Rounding as Python and numpy do it: a half goes to the even side.

/** @param {number} x */
export function roundEven(x) {
  const up = Math.round(x);
  return up - x === 0.5 && up % 2 !== 0 ? up - 1 : up;
}
