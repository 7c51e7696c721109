// How far chance gets: exact numbers, as in spectrogramtools/blind/chance.py.

/**
 * How likely somebody who tosses a coin gets so many rounds right, or more.
 * @param {number} right @param {number} rounds
 */
export function byGuessing(right, rounds) {
  let [sum, ways] = [0, 1]; // ways: rounds over k
  for (let k = 0; k <= rounds; k++) {
    if (k >= right) sum += ways;
    ways = (ways * (rounds - k)) / (k + 1);
  }
  return sum / 2 ** rounds;
}

/**
 * Kendall's tau-b between places, first to last, and the numbers that stand there, of which the largest is best. null
 * where all are equal. Beside it how many of the pairs agree, how many are equal, and how many there are.
 * @param {number[]} order
 */
export function kendall(order) {
  let [agreeing, opposed, equal] = [0, 0, 0];
  order.forEach((a, i) => order.slice(i + 1).forEach((b) => (a > b ? agreeing++ : a < b ? opposed++ : equal++)));
  const [untied, pairs] = [agreeing + opposed, agreeing + opposed + equal];
  return { tau: untied ? (agreeing - opposed) / Math.sqrt(untied * pairs) : null, agreeing, equal, pairs };
}

/**
 * A share as percent, to the digits that matter.
 * @param {number} share
 */
export function percent(share) {
  const value = 100 * share;
  const digits = value >= 10 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : Number(value.toPrecision(1)).toString();
  return value > 0 && value < 0.001 ? "less than 0.001 %" : `${digits} %`;
}

const CONVINCING = 0.05;
const FEW = 10; // rounds

/**
 * How many rounds have to be right before luck is unlikely.
 * @param {number} rounds
 */
export function needed(rounds) {
  let right = rounds;
  while (byGuessing(right - 1, rounds) < CONVINCING) right--;
  return right;
}

/**
 * What an ABX test shows, and what it does not. `done` are the rounds that were answered.
 * @param {number} right @param {number} done @param {number} rounds
 */
export function abxVerdict(right, done, rounds) {
  if (done < rounds) {
    return `Stopped after ${done} of ${rounds} rounds, ${right} right: a test that one ends when it suits says nothing.`;
  }
  const p = byGuessing(right, rounds);
  const told = `${right} of ${rounds}: someone who guesses gets so many in ${percent(p)} of such tests.`;
  const few = rounds < FEW ? ` With ${rounds} rounds all but an obvious difference is missed easily: take more.` : "";
  if (p < CONVINCING) return `${told} You hear the difference.`;
  return `${told} That can be luck: this test does not show that you hear a difference, nor that there is none.${few}`;
}

/**
 * How well an order, best first, agrees with the scores as they stand in it.
 * @param {number[]} scores
 */
export function orderVerdict(scores) {
  const { tau, agreeing, equal, pairs } = kendall(scores);
  if (tau === null) return "All scores are equal: there is no order to agree with.";
  const ties = equal ? ` (${equal} ${equal === 1 ? "has" : "have"} equal scores)` : "";
  const few = scores.length === 3 ? " With three sounds, one random order in six agrees in full." : "";
  const value = tau.toFixed(2).replace("-", "−");
  return `Of ${pairs} pairs${ties} you and the scores have ${agreeing} the same way round: Kendall's tau is ${value} ` +
    `(1: the same order; 0: no more than chance; −1: the opposite).${few}`;
}
