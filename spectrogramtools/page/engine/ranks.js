// Tests by ranks: how often chance alone would set two methods so far apart, as p-values for both sides. Wilcoxon's signed
// ranks are for songs that both methods have, Mann and Whitney's ranks for songs of each's own. The numbers are those of
// scipy.stats: `wilcoxon(d[d != 0])`, as corpus/statistics.py has it, and `mannwhitneyu(a, b)`.
//
// Functions: `signedRank`, `rankSum`.

const EXACT_SIGNED = 50; // songs at the most whose p-value counts all ways that the signs can fall
const EXACT_TIED = 13; // so many where differences are equal
const EXACT_SUM = 8; // songs at the most, in the smaller of two groups, for all ways to deal the ranks

/**
 * Wilcoxon's test of differences that lie around zero by chance; those of zero are left out, as he did.
 * @param {Float64Array} differences
 */
export function signedRank(differences) {
  const some = differences.filter((d) => d !== 0);
  const n = some.length;
  const { ranks, tied } = ranked(some.map(Math.abs));
  const above = ranks.reduce((sum, rank, i) => sum + (some[i] > 0 ? rank : 0), 0);
  if (n <= (tied ? EXACT_TIED : EXACT_SIGNED)) return exactSigned(ranks, above);
  const variance = (n * (n + 1) * (2 * n + 1) - tied / 2) / 24;
  return bothTails(Math.abs(above - (n * (n + 1)) / 4), variance);
}

/**
 * Mann and Whitney's test of two groups that are alike but for chance.
 * @param {Float64Array} a
 * @param {Float64Array} b
 */
export function rankSum(a, b) {
  const [m, n] = [a.length, b.length];
  const { ranks, tied } = ranked(Float64Array.of(...a, ...b));
  const U = ranks.subarray(0, m).reduce((sum, rank) => sum + rank, 0) - (m * (m + 1)) / 2;
  if (!tied && Math.min(m, n) <= EXACT_SUM) return exactSum(m, n, U);
  const variance = ((m * n) / 12) * (m + n + 1 - tied / ((m + n) * (m + n - 1)));
  return bothTails(Math.max(0, Math.abs(U - (m * n) / 2) - 0.5), variance); // half a step nearer, as ranks go in steps
}

/**
 * Places in the order of size, from 1 on, equal values sharing the middle of theirs; and the sum of t ** 3 - t over
 * all groups of t equal ones.
 * @param {Float64Array} values
 */
function ranked(values) {
  const order = Uint32Array.from(values, (_, i) => i).sort((i, j) => values[i] - values[j]);
  const ranks = new Float64Array(values.length);
  let tied = 0;
  for (let from = 0, end = 0; from < order.length; from = end) {
    while (end < order.length && values[order[end]] === values[order[from]]) end++;
    for (let k = from; k < end; k++) ranks[order[k]] = (from + 1 + end) / 2;
    tied += (end - from) ** 3 - (end - from);
  }
  return { ranks, tied };
}

/**
 * All ways that the signs can fall, as numbers of ways to each sum of the ranks above zero, which are doubled to be whole.
 * @param {Float64Array} ranks
 * @param {number} above
 */
function exactSigned(ranks, above) {
  const total = ranks.reduce((sum, rank) => sum + 2 * rank, 0);
  const ways = new Float64Array(total + 1);
  ways[0] = 1;
  for (const rank of ranks) for (let sum = total; sum >= 2 * rank; sum--) ways[sum] += ways[sum - 2 * rank];
  return outermost(ways, Math.min(2 * above, total - 2 * above), 2 ** ranks.length);
}

/**
 * All ways to deal the ranks to groups of m and n, as numbers of ways to each U.
 * @param {number} m
 * @param {number} n
 * @param {number} U
 */
function exactSum(m, n, U) {
  const ways = Array.from({ length: m + 1 }, () => new Float64Array(m * n + 1)); // by how many of the m have been dealt
  ways[0][0] = 1;
  for (let rank = 1; rank <= m + n; rank++) {
    for (let k = Math.min(rank, m); k >= 1; k--) {
      const more = rank - k; // what the kth adds to U
      for (let sum = more; sum <= m * n; sum++) ways[k][sum] += ways[k - 1][sum - more];
    }
  }
  const all = ways[m].reduce((sum, v) => sum + v, 0);
  return outermost(ways[m], Math.min(U, m * n - U), all);
}

/**
 * The part of the ways that lie as far out as this sum, on both sides.
 * @param {Float64Array} ways
 * @param {number} sum
 * @param {number} all
 */
function outermost(ways, sum, all) {
  return Math.min(1, (2 * ways.subarray(0, sum + 1).reduce((total, v) => total + v, 0)) / all);
}

/**
 * How often a normal variable is as far from zero as this.
 * @param {number} distance
 * @param {number} variance
 */
function bothTails(distance, variance) {
  return distance ? complementaryError(distance / Math.sqrt(2 * variance)) : 1;
}

/**
 * erfc of x from zero on: near zero by its series, further out as a continued fraction.
 * @param {number} x
 */
function complementaryError(x) {
  const bell = Math.exp(-x * x) / Math.sqrt(Math.PI);
  if (x > 2) {
    let fraction = x;
    for (let k = 60; k >= 1; k--) fraction = x + k / 2 / fraction;
    return bell / fraction;
  }
  let [term, sum] = [2 * x, 2 * x];
  for (let k = 1; term > 1e-17 * sum; k++) sum += term *= (2 * x * x) / (2 * k + 1);
  return 1 - bell * sum;
}
