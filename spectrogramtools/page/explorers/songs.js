// What `explore_songs` computes: what a study of so many songs finds, how sure it may be of that, and what a hundred such
// studies find; as explorers/songs.py has it from numpy and scipy.

import { interval, middleOf, resampled } from "../engine/bootstrap.js";
import { uniform } from "../engine/random.js";
import { rankSum, signedRank } from "../engine/ranks.js";
import { kept } from "./kept.js";

const [DRAWS, RESAMPLES] = [100, 2000];
const UNLIKELY = 0.05;
const TYPICAL = 5; // songs: the draws' medians of so many fill their chart
const [BINS, LEAST_HIGH] = [48, 8]; // of the dots that stand on one another; and how many the chart has room for at least
const SONG = "#808080";

export class Songs {
  constructor({ settings: { scores } }) {
    this.scores = Object.fromEntries(Object.entries(scores).map(([name, all]) => [name, Float64Array.from(all)]));
    this.N = Object.values(this.scores)[0].length;
    this.random = uniform(0, 0, 1, 2 * RESAMPLES * this.N);
    this.orders = Array.from({ length: DRAWS }, (_, k) => orderOf(uniform(k + 1, 0, 1, this.N)));
    this.draws = kept((first, second, songs, compared, middle) => this.orders.map((_, k) => {
      const study = this.study({ first, second, songs, compared, middle, draw: k + 1 });
      return { difference: difference(study), p: pOf(study) };
    }));
    this.typical = kept((first, second, compared, middle) => {
      const songs = Math.min(TYPICAL, this.N);
      return padded(0, ...this.orders.map((_, k) => difference(this.study({ first, second, songs, compared, middle, draw: k + 1 }))));
    });
    this.known = kept(() => new Map()); // widths of one draw
    this.widthRange = kept((first, second, middle) => roomy(["paired", "unpaired"].flatMap((compared) =>
      counts(this.N).map((songs) => this.width({ first, second, songs, compared, middle, draw: 1 })))));
  }

  async update(values) {
    const { first, second, compared } = values;
    const found = this.found(values);
    return {
      player: { caption: this.told(values, found) },
      charts: {
        scores: compared === "paired" ? this.pairedChart(values, found) : this.apartChart(values),
        draws: this.drawsChart(values, found),
        width: this.widthChart(values, found),
      },
      facts: { n_songs: this.N, first_name: JSON.stringify(first), second_name: JSON.stringify(second) },
    };
  }

  // What is told, in dB, as p-values and as counts.
  found(values) {
    const { first, second, songs, compared, middle } = values;
    const study = this.study(values);
    const [low, high] = this.interval(study);
    const draws = this.draws(first, second, songs, compared, middle);
    const decided = draws.filter(({ p }) => p < UNLIKELY);
    const onSide = (some, side) => some.filter((draw) => side * draw.difference > 0).length;
    return {
      difference: difference(study), low, high, p: pOf(study), all: difference(this.study({ ...values, songs: this.N })),
      ahead: onSide(draws, 1), forA: onSide(decided, 1), forB: onSide(decided, -1),
    };
  }

  async act(_, { draw }) {
    return { values: { draw: (draw % DRAWS) + 1 } };
  }

  // A has the first songs of the draw's order; B the same ones, or the last.
  study({ first, second, songs, compared, middle, draw }) {
    const order = this.orders[draw - 1];
    const paired = compared === "paired";
    const [a, b] = [this.scores[first], this.scores[second]];
    const ofB = paired ? order.subarray(0, songs) : order.subarray(this.N - songs);
    return { a: taken(a, order.subarray(0, songs)), b: taken(b, ofB), paired, middle };
  }

  interval({ a, b, paired, middle }) {
    const each = RESAMPLES * a.length;
    const [ofA, ofB] = [this.random.subarray(0, each), this.random.subarray(each, 2 * each)];
    if (paired) return interval(resampled(between(a, b), ofA, middle));
    return interval(between(resampled(a, ofA, middle), resampled(b, ofB, middle)));
  }

  width(values) {
    const { first, second, songs, compared, middle, draw } = values;
    const known = this.known(first, second, middle, draw);
    const which = `${compared} ${songs}`;
    if (!known.has(which)) {
      const [low, high] = this.interval(this.study(values));
      known.set(which, high - low);
    }
    return known.get(which);
  }

  // --- in words

  told({ first, second, songs, draw, compared, middle }, { difference, low, high, p, all, ahead, forA, forB }) {
    if (first === second) return "A and B are one method: choose another one for B.";
    const dB = (v) => decibels(v, high - low < 1 ? 2 : 1);
    const paired = compared === "paired";
    const same = Math.max(0, 2 * songs - this.N);
    const others = same ? `${songs}, of which ${same} are the same` : `${songs} others`;
    const claim = paired
      ? `${songs} of ${this.N} songs, draw ${draw}: the ${middle} of ${first} − ${second} is ${dB(difference)} dB`
      : `${first} on ${songs} of ${this.N} songs, ${second} on ${others}, draw ${draw}: the difference of the ${middle}s is ${dB(difference)} dB`;
    const sure = `95 % interval ${dB(low)} to ${dB(high)} dB; ${paired ? "Wilcoxon" : "Mann-Whitney"} ${shownP(p)}.`;
    const decided = verdict(low, high, p, low > 0 ? first : second);
    const few = leastP(songs, paired) > UNLIKELY ? ` Of ${songs} songs no p is below ${UNLIKELY}.` : "";
    const alike = 2 * songs > this.N ? " More than half of the songs are in each draw, so draws agree more than studies of new songs would." : "";
    const hundred = paired && songs === this.N
      ? "These are all songs there are: each draw has them."
      : `In ${DRAWS} such draws ${first} comes out ahead ${ahead} times; p is below 0.05 for ${first} ${forA} times, for ${second} ${forB} times. ` +
        `Of all ${this.N} songs: ${dB(all)} dB.${alike}`;
    return `${claim}, ${sure} ${decided}${few}\n${hundred}`;
  }

  // --- charts

  pairedChart(values, found) {
    const { first, second, songs, middle } = values;
    const { a, b } = this.study(values);
    const x_range = padded(0, ...between(this.scores[first], this.scores[second]));
    const dots = stacked(between(a, b), x_range);
    const y_range = [-1, 1 + Math.max(LEAST_HIGH, ...dots.y)];
    const curves = [intervalCurve(`${middle}, 95 %`, found), corpusCurve(found.all, this.N, y_range), { name: "each song", ...dots, dots: "alone", colour: SONG }];
    const ahead = between(a, b).filter((d) => d > 0).length;
    const description = `${first} minus ${second} on each of ${songs} songs: more than zero on ${ahead}; ` +
      `${middle} ${decibels(found.difference, 2)}, interval ${decibels(found.low, 2)} to ${decibels(found.high, 2)} dB`;
    const panels = [{ title: `${songs} songs`, y_label: null, y_range, zero: true, curves }];
    return { x_range, x_label: "A − B (dB)", panels, description };
  }

  apartChart(values) {
    const { first, second, songs, middle } = values;
    const { a, b } = this.study(values);
    const x_range = padded(...this.scores[first], ...this.scores[second]);
    const panels = [[first, a, "#3b7dc4"], [second, b, "#e69f00"]].map(([name, scores, colour]) => {
      const dots = stacked(scores, x_range);
      const at = middleOf(scores, middle);
      return {
        title: `${name}: ${middle} ${decibels(at, 2)} dB`, y_label: null, y_range: [-3, 1 + Math.max(LEAST_HIGH, ...dots.y)],
        curves: [{ name: "each song", ...dots, dots: "alone", colour: SONG }], point: { x: at, y: -1, colour },
      };
    });
    return { x_range, x_label: "score (dB)", panels, description: `scores of ${songs} songs each; ${panels.map(({ title }) => title).join("; ")}` };
  }

  // The lowest row is this draw, with its interval.
  drawsChart({ first, second, songs, compared, middle }, found) {
    const draws = this.draws(first, second, songs, compared, middle);
    const x_range = this.typical(first, second, compared, middle);
    const dots = stacked(draws.map((d) => d.difference), x_range);
    const y_range = [-1, 1 + Math.max(LEAST_HIGH, ...dots.y)];
    const those = (name, wanted) => ({
      name, x: dots.x.filter((_, k) => wanted(draws[k])), y: dots.y.filter((_, k) => wanted(draws[k])), dots: "alone",
    });
    const curves = [
      intervalCurve("this draw", found), corpusCurve(found.all, this.N, y_range),
      those("p < 0.05", ({ p }) => p < UNLIKELY), those("not", ({ p }) => !(p < UNLIKELY)),
    ];
    const sorted = draws.map((d) => d.difference).sort((x, y) => x - y);
    const description = `what each of ${DRAWS} draws of ${songs} songs finds, from ${decibels(sorted[0], 2)} to ` +
      `${decibels(sorted[DRAWS - 1], 2)} dB; p is below 0.05 in ${curves[2].x.length}; all songs ${decibels(found.all, 2)} dB`;
    return { x_range, panels: [{ title: `${DRAWS} draws`, y_label: null, y_range, zero: true, curves }], description };
  }

  // The scale is that of the first draw, so that it stays.
  widthChart(values, found) {
    const { first, second, songs, middle } = values;
    const y_range = this.widthRange(first, second, middle);
    const upto = [...counts(this.N).filter((n) => n < songs), songs];
    const curves = ["paired", "unpaired"].map((compared) => ({
      name: compared, x: Float32Array.from(upto), dots: true,
      y: Float32Array.from(upto, (n) => this.width({ ...values, compared, songs: n })),
    }));
    const [paired, unpaired] = curves.map(({ y }) => y[y.length - 1]);
    const x = Float32Array.of(2, this.N);
    const now = found.high - found.low;
    curves.push({ name: "∝ 1/√songs", x, y: x.map((n) => now * Math.sqrt(songs / n)), dots: false });
    const description = `the interval's width with ${songs} songs: ${paired.toFixed(2)} dB paired, ${unpaired.toFixed(2)} dB unpaired`;
    const panels = [{ title: "how wide the 95 % interval is", y_label: "width (dB)", y_range, curves }];
    return { x_range: [1.9, 1.05 * this.N], panels, description };
  }
}

// --- a study

const taken = (scores, songs) => Float64Array.from(songs, (k) => scores[k]);
const between = (a, b) => a.map((v, i) => v - b[i]);
const orderOf = (numbers) => Uint32Array.from(numbers, (_, i) => i).sort((i, j) => numbers[i] - numbers[j]);

function difference({ a, b, paired, middle }) {
  return paired ? middleOf(between(a, b), middle) : middleOf(a, middle) - middleOf(b, middle);
}

function pOf({ a, b, paired }) {
  return paired ? signedRank(between(a, b)) : rankSum(a, b);
}

// The smallest p that so many songs can give: all of them say the same.
function leastP(songs, paired) {
  let ways = 1;
  for (let k = 1; k <= songs; k++) ways *= paired ? 2 : (songs + k) / k;
  return 2 / ways;
}

// The numbers of songs for which the interval's width is drawn, each almost a third more than the one before.
function counts(N) {
  const found = [];
  for (let n = 2; n < N; n = Math.ceil(1.3 * n)) found.push(n);
  return [...found, N];
}

// --- words and pictures

function verdict(low, high, p, winner) {
  if (low <= 0 && high >= 0) {
    return p < UNLIKELY
      ? `The interval holds zero, though p is below ${UNLIKELY}: these songs hardly decide it.`
      : "The interval holds zero: these songs do not decide it.";
  }
  if (p >= UNLIKELY) return "The interval leaves zero out, but the test doesn't: these songs hardly decide it.";
  return `The interval leaves zero out: ${winner} is ahead.`;
}

const decibels = (v, digits) => v.toFixed(digits).replace(/^-(0\.0+)$/, "$1").replace("-", "−");
const shownP = (p) => (p < 0.001 ? "p\u00a0<\u00a00.001" : `p\u00a0=\u00a0${p.toFixed(p < 0.1 ? 3 : 2)}`);

// From the smallest to the largest, with some room.
function padded(...values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(0.05 * (high - low), 0.05);
  return [low - room, high + room];
}

// The same on a logarithmic axis, which knows no zero.
function roomy(widths) {
  const some = widths.filter((width) => width > 0);
  return some.length ? [Math.min(...some) / 2, Math.max(...some) * 2] : [0.1, 1];
}

// Dots where the values are; those that would cover one another stand on one another.
function stacked(values, range) {
  const [low, high] = range;
  const heights = new Map();
  const y = Float32Array.from(values, (v) => {
    const bin = Math.floor((BINS * (v - low)) / (high - low));
    heights.set(bin, (heights.get(bin) ?? 0) + 1);
    return heights.get(bin);
  });
  return { x: Float32Array.from(values), y };
}

function intervalCurve(name, { difference, low, high }) {
  return { name, x: Float32Array.of(low, difference, high), y: new Float32Array(3), dots: true };
}

function corpusCurve(all, N, y_range) {
  return { name: `all ${N}`, x: Float32Array.of(all, all), y: Float32Array.from(y_range), dots: false };
}
