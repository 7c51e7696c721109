// What `explore_griffin_lim` computes: the phase that is found after so many turns, the way that three cells take to it,
// and how far each step goes. What has been found is kept, and while nobody asks for anything the turns go on, so that
// the slider soon answers at once.

import { matrix } from "../engine/arrays.js";
import { griffinLimInverse, griffinLimTurns } from "../engine/griffinlim.js";
import { hpssMasks } from "../engine/hpss.js";
import { uniform } from "../engine/random.js";
import { magnitudes, stft } from "../engine/transforms.js";
import { joined } from "../views/sounds.js";
import { forPlayer, masked, once, painter } from "./result.js";

const MOST = 100; // turns
const MARKS = [0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, MOST]; // of which the sounds are kept: those of the slider
const SEED = 0;

export class GriffinLim {
  constructor({ signals: [signal], sr, settings }) {
    const { win_length: winLength, hop_length: hopLength } = settings;
    this.sr = sr;
    this.settings = settings;
    this.winLength = winLength;
    this.hopLength = hopLength;
    this.n = signal.channels[0].length;
    // In double precision: what is rounded in a weak cell turns its phase, and grows from turn to turn.
    this.wanted = signal.channels.map((y) => this.magnitudesOf(Float64Array.from(y)));
    this.spectrum = stft(Float64Array.from(signal.channels[0]), winLength, hopLength); // of the first channel, for its angles
    this.cells = chosen(this.wanted[0]);
    this.painter = painter(signal.channels, sr, { winLength, hopLength });
    this.originalDrawn = this.painter.draw(signal.channels);
    this.searches = new Map(); // one for each start and momentum
    this.randomPhase = null;
  }

  async update({ start, momentum, turns }, checkpoint) {
    const search = this.search(start, momentum);
    while (!search.sounds.has(turns)) {
      search.turn();
      await checkpoint();
    }
    const found = search.sounds.get(turns);
    const { bins, draw } = this.painter;
    const caption = `${turns} ${turns === 1 ? "turn" : "turns"}: spectral convergence ${this.convergence(found)}`;
    const original = { name: "original", drawing: once(this.originalDrawn) };
    const parts = [original, { name: "found phase", sound: joined(found), drawing: draw(found) }];
    return {
      player: forPlayer(parts, { bins, sr: this.sr, caption, scores: [] }),
      charts: { cells: this.ways(search, turns), distance: distances(search, turns) },
      facts: this.settings,
    };
  }

  // All other turns, for as long as nobody asks; those with the settings of the last answer first.
  async rest({ start, momentum }, checkpoint) {
    const others = ["zero", "random"].flatMap((from) => [0, 0.99].map((some) => [from, some]));
    for (const how of [[start, momentum], ...others]) {
      const search = this.search(...how);
      while (!search.done) {
        await checkpoint();
        search.turn();
      }
    }
  }

  search(start, momentum) {
    const name = `${start} ${momentum}`;
    if (!this.searches.has(name)) {
      const phase = start === "random" ? (this.randomPhase ??= randomPhase(this.wanted[0])) : undefined;
      const how = { phase, momentum, length: this.n };
      this.searches.set(name, new Search(this.wanted, this.winLength, this.hopLength, how, this.cells));
    }
    return this.searches.get(name);
  }

  magnitudesOf(y) {
    return magnitudes(stft(y, this.winLength, this.hopLength));
  }

  // How far the magnitudes that a sound has are from those that are wanted, in dB beside these.
  convergence(found) {
    let [off, all] = [0, 0];
    this.wanted.forEach(({ data }, c) => {
      const A = this.magnitudesOf(found[c]);
      for (let i = 0; i < data.length; i++) {
        off += (A.data[i] - data[i]) ** 2;
        all += data[i] ** 2;
      }
    });
    if (!all) return "of silence";
    return `${(10 * Math.log10(off / all)).toFixed(1)} dB`.replace("-", "−");
  }

  // The cells in the complex plane, beside the magnitude that is wanted there: where the search began, its turns, and
  // where the original lies.
  ways(search, turns) {
    const { bins, data } = this.wanted[0];
    const cells = this.cells.filter(({ i }) => data[i] > 0).map(({ title, i }) => {
      const unit = ([re, im]) => [re / data[i], im / data[i]];
      const hertz = ((i % bins) * this.sr) / this.winLength;
      const seconds = (Math.floor(i / bins) * this.hopLength) / this.sr;
      const way = search.ways.get(i);
      return {
        title, place: `${hertz.toFixed(0)} Hz at ${seconds.toFixed(2)} s`, start: unit(search.starts.get(i)),
        original: unit([this.spectrum.re[i], this.spectrum.im[i]]), turns: way.slice(0, turns).map((stations) => stations.map(unit)),
      };
    });
    return { cells, description: `Cells in the complex plane after ${turns} ${turns === 1 ? "turn" : "turns"}. ${cells.map(told).join(" ")}` };
  }
}

// Three cells that show different things: the strongest of what lasts, the strongest of what comes at once, and one that
// is as loud as half of the first one's frame.
function chosen(A) {
  const strongest = ({ data }) => data.reduce((best, v, i) => (v > data[best] ? i : best), 0);
  const [partial, stroke] = hpssMasks(A).map((M) => strongest(masked(A, M)));
  const from = partial - (partial % A.bins);
  const byLevel = Array.from({ length: A.bins }, (_, k) => from + k).sort((i, j) => A.data[i] - A.data[j]);
  const faint = byLevel[A.bins >> 1];
  return [["what lasts", partial], ["what comes at once", stroke], ["a faint cell", faint]].map(([title, i]) => ({ title, i }));
}

function told({ title, place, start, original, turns }) {
  const degrees = ([re, im]) => `${Math.round((180 / Math.PI) * Math.atan2(im, re))} degrees`.replace("-", "minus ");
  const now = turns.length ? turns.at(-1).at(-1) : start;
  const way = turns.length ? `, by way of ${Math.hypot(...turns.at(-1)[1]).toFixed(2)} of its magnitude` : "";
  return `${title}, ${place}: now at ${degrees(now)}${way}; the original at ${degrees(original)}.`;
}

// How far it is in each turn from the wanted magnitudes to the spectrogram of a sound, and from there to the wanted
// magnitudes, in dB beside these.
function distances({ steps, energy }, turns) {
  const level = (d) => 10 * Math.log10(Math.max(d, 1e-30) / (energy || 1));
  const x = Float32Array.from({ length: turns }, (_, k) => k + 1);
  const curves = [["to the spectrogram of a sound", "there"], ["to the wanted magnitudes", "back"]].map(([name, which]) => (
    { name, dots: true, x, y: Float32Array.from(x, (turn) => level(steps[turn - 1][which])) }));
  const lowest = Math.min(-20, ...curves.flatMap(({ y }) => [...y]));
  const last = turns ? `: in turn ${turns} ${curves.map(({ name, y }) => `${y.at(-1).toFixed(1)} dB ${name}`).join(", ")}` : "";
  return {
    x_range: [0, Math.max(10, turns)],
    panels: [{ title: "how far each step goes", y_label: "dB", y_range: [10 * Math.floor(lowest / 10), 0], curves }],
    description: `How far each step goes, over the turns${last}.`.replaceAll("-", "minus "),
  };
}

// The turns of all channels, one at a time; the sounds at the marks, the ways of the cells, and each step's length.
class Search {
  constructor(wanted, winLength, hopLength, how, cells) {
    const at = (NIters) => ({ ...how, NIters });
    this.momentum = how.momentum;
    this.wanted = wanted;
    this.energy = wanted.reduce((sum, { data }) => data.reduce((s, v) => s + v * v, sum), 0);
    this.sounds = new Map([[0, single(wanted.map((A) => griffinLimInverse(A, winLength, hopLength, at(0))))]]);
    this.turns = wanted.map((A) => griffinLimTurns(A, winLength, hopLength, at(MOST)));
    const angle = (i) => how.phase?.data[i] ?? 0;
    const [{ data }] = wanted;
    this.starts = new Map(cells.map(({ i }) => [i, [data[i] * Math.cos(angle(i)), data[i] * Math.sin(angle(i))]]));
    this.ways = new Map(cells.map(({ i }) => [i, []]));
    this.steps = []; // squared lengths
    this.done = false;
  }

  turn() {
    const here = this.turns.map((turns) => turns.next().value);
    const { turn } = here[0];
    if (MARKS.includes(turn)) this.sounds.set(turn, single(here.map(({ sound }) => sound())));
    for (const [i, way] of this.ways) way.push(this.stations(here[0], i, way.at(-1)));
    this.steps.push(this.lengths(here));
    this.done = turn === MOST;
  }

  // Of one cell in one turn: the wanted magnitude, the sound's spectrogram, with momentum what lies further on, the wanted magnitude.
  stations({ from, consistent, to }, i, before) {
    const at = ({ re, im }) => [re[i], im[i]];
    const found = at(consistent);
    const last = before?.[1] ?? found;
    const further = found.map((v, c) => v + this.momentum * (v - last[c]));
    return [at(from), found, ...(this.momentum ? [further] : []), at(to)];
  }

  lengths(here) {
    const sums = { there: 0, back: 0 };
    here.forEach(({ from, consistent: { re, im } }, c) => {
      const A = this.wanted[c].data;
      for (let i = 0; i < A.length; i++) {
        sums.there += (from.re[i] - re[i]) ** 2 + (from.im[i] - im[i]) ** 2;
        sums.back += (Math.sqrt(re[i] * re[i] + im[i] * im[i]) - A[i]) ** 2;
      }
    });
    return sums;
  }
}

function single(sounds) {
  return sounds.map((y) => Float32Array.from(y));
}

// As numpy draws it: row by row, a row a bin.
function randomPhase({ bins, frames }) {
  const rows = uniform(SEED, 0, 2 * Math.PI, bins * frames);
  const phase = matrix(bins, frames, Float64Array);
  for (let n = 0; n < frames; n++) for (let k = 0; k < bins; k++) phase.data[n * bins + k] = rows[k * frames + n];
  return phase;
}
