// What `explore_griffin_lim` computes: the phase that is found after so many turns. What has been found is kept, and
// while nobody asks for anything the turns go on, so that the slider soon answers at once.

import { matrix } from "../engine/arrays.js";
import { griffinLimInverse, griffinLimTurns } from "../engine/griffinlim.js";
import { uniform } from "../engine/random.js";
import { magnitudes, stft } from "../engine/transforms.js";
import { joined } from "../views/sounds.js";
import { forPlayer, once, painter } from "./result.js";

const MOST = 100; // turns
const MARKS = [0, 1, 2, 5, 10, 20, 50, MOST]; // of which the sounds are kept: those of the slider
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
    const sides = found.map((y) => Float32Array.from(y));
    const parts = [original, { name: "found phase", sound: joined(sides), drawing: draw(sides) }];
    return { player: forPlayer(parts, { bins, sr: this.sr, caption, scores: [] }), facts: this.settings };
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
      this.searches.set(name, new Search(this.wanted, this.winLength, this.hopLength, how));
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
}

// The turns of all channels, one at a time, and the sounds at the marks.
class Search {
  constructor(wanted, winLength, hopLength, how) {
    const at = (NIters) => ({ ...how, NIters });
    this.sounds = new Map([[0, wanted.map((A) => griffinLimInverse(A, winLength, hopLength, at(0)))]]);
    this.turns = wanted.map((A) => griffinLimTurns(A, winLength, hopLength, at(MOST)));
    this.done = false;
  }

  turn() {
    const here = this.turns.map((turns) => turns.next().value);
    const { turn } = here[0];
    if (MARKS.includes(turn)) this.sounds.set(turn, here.map(({ sound }) => sound()));
    this.done = turn === MOST;
  }
}

// As numpy draws it: row by row, a row a bin.
function randomPhase({ bins, frames }) {
  const rows = uniform(SEED, 0, 2 * Math.PI, bins * frames);
  const phase = matrix(bins, frames, Float64Array);
  for (let n = 0; n < frames; n++) for (let k = 0; k < bins; k++) phase.data[n * bins + k] = rows[k * frames + n];
  return phase;
}
