// The bootstrap: how sure a median or a mean of a few songs is, from these songs alone. They are drawn again and again, with
// replacement; what lies between the outer fortieths of all that comes of it is the 95 % interval (Efron, 1979).
//
// Functions: `middleOf`, `resampled`, `interval`.

/** @typedef {"median" | "mean"} Middle */

/**
 * @param {Float64Array} values
 * @param {Middle} middle
 */
export function middleOf(values, middle) {
  const n = values.length;
  if (middle === "mean") return values.reduce((sum, v) => sum + v, 0) / n;
  const sorted = values.slice().sort();
  return (sorted[(n - 1) >> 1] + sorted[n >> 1]) / 2;
}

/**
 * The middle of each resample. Each takes as many of `draws`, which are numbers from 0 to 1, as there are values: u stands
 * for value floor(n u).
 * @param {Float64Array} values
 * @param {Float64Array} draws
 * @param {Middle} middle
 * @returns {Float64Array}
 */
export function resampled(values, draws, middle) {
  const n = values.length;
  const count = draws.length / n;
  return middle === "mean" ? means(values, draws, count) : medians(values, draws, count);
}

/**
 * @param {Float64Array} values
 * @param {Float64Array} draws
 * @param {number} count
 */
function means(values, draws, count) {
  const n = values.length;
  const found = new Float64Array(count);
  for (let r = 0, at = 0; r < count; r++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[Math.floor(n * draws[at++])];
    found[r] = sum / n;
  }
  return found;
}

/**
 * Nothing is sorted anew: how often each place of the sorted values was drawn says where the middle is.
 * @param {Float64Array} values
 * @param {Float64Array} draws
 * @param {number} count
 */
function medians(values, draws, count) {
  const n = values.length;
  const order = Uint32Array.from(values, (_, i) => i).sort((i, j) => values[i] - values[j]);
  const place = new Uint32Array(n);
  order.forEach((i, k) => (place[i] = k));
  const found = new Float64Array(count);
  const times = new Uint32Array(n);
  const [below, above] = [(n - 1) >> 1, n >> 1];
  for (let r = 0, at = 0; r < count; r++) {
    times.fill(0);
    for (let i = 0; i < n; i++) times[place[Math.floor(n * draws[at++])]]++;
    let k = 0;
    let seen = times[0];
    while (seen <= below) seen += times[++k];
    const lower = values[order[k]];
    while (seen <= above) seen += times[++k];
    found[r] = (lower + values[order[k]]) / 2;
  }
  return found;
}

/**
 * The middle 95 % of what the resamples gave.
 * @param {Float64Array} middles
 * @returns {[number, number]}
 */
export function interval(middles) {
  const sorted = middles.slice().sort();
  return [beyond(sorted, 0.025), beyond(sorted, 0.975)];
}

/**
 * What this part of the values lies below, on the straight line between two of them.
 * @param {Float64Array} sorted
 * @param {number} part
 */
function beyond(sorted, part) {
  const at = part * (sorted.length - 1);
  const k = Math.floor(at);
  return sorted[k] + (at - k) * (sorted[Math.min(k + 1, sorted.length - 1)] - sorted[k]);
}
