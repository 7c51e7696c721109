// Curves that are given at some places: what they are in between.

// The values at `at` on the straight lines between (x, y); level beyond the ends. `x` ascends, as numpy's interp wants it.
export function interpolated(at, x, y) {
  const last = x.length - 1;
  let i = 0;
  return at.map((place) => {
    if (place >= x[last]) return y[last];
    if (place <= x[0]) return y[0];
    if (x[i] > place) i = 0;
    while (x[i + 1] <= place) i++;
    return y[i] + ((y[i + 1] - y[i]) / (x[i + 1] - x[i])) * (place - x[i]);
  });
}
