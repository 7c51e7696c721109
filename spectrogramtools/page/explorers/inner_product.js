// What `explore_inner_product` computes: one frame's products with a cosine and a sine, their sums as an arrow, and the
// arrow's length over the frequencies where the slider has been.

import { halfsine } from "../engine/transforms.js";
import { kept } from "./kept.js";
import { forPlayer, once, painter } from "./result.js";

const LEVEL = 0.1; // of the cosine that is heard; full scale is 1
const FINE = 8; // lengths for each bin of the frame's transform: enough for a smooth curve

export class InnerProduct {
  constructor({ signals: [{ channels: [y] }], sr, settings }) {
    this.sr = sr;
    this.settings = settings;
    this.y = y;
    this.window = halfsine(settings.win_length);
    const { piece, first } = settings;
    this.fade = Float64Array.from({ length: piece }, (_, i) => Math.min(1, 20 * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (piece - 1)))));
    const note = Float32Array.from(this.fade, (v, i) => v * y[first + i]);
    this.painter = painter([note], sr);
    this.note = { name: "the note", sound: note, drawing: this.painter.draw([note]) };
    this.frame = kept((later) => this.window.map((w, n) => w * y[settings.start + later + n]));
    this.lengths = kept((later) => this.grid.map((hertz) => length(this.total(this.frame(later), hertz))));
    const [low, high] = [settings.lowest, settings.highest];
    const count = Math.ceil((FINE * (high - low) * settings.win_length) / sr);
    this.grid = Float64Array.from({ length: count + 1 }, (_, i) => low + ((high - low) * i) / count);
    this.seen = [Infinity, -Infinity];
    this.longest = 0; // so that the scale only grows
  }

  async update({ frequency, later }) {
    this.seen = [Math.min(this.seen[0], frequency), Math.max(this.seen[1], frequency)];
    const frame = this.frame(later);
    const total = this.total(frame, frequency);
    this.longest = Math.max(this.longest, 1.1 * Math.max(...this.lengths(later)), 1e-6);
    const { win_length, start, first, piece } = this.settings;
    return {
      player: this.player(frequency, described(total)),
      charts: {
        spectrum: this.spectrum(frame, frequency, later, total), arrow: this.arrow(total), products: this.products(frame, frequency),
      },
      facts: { win_length, start, first, piece },
    };
  }

  // The frame's inner product with a cosine, and with minus a sine. The angle is turned from sample to sample.
  total(frame, hertz) {
    const turn = (2 * Math.PI * hertz) / this.sr;
    const [c, s] = [Math.cos(turn), Math.sin(turn)];
    let [cosine, sine, re, im] = [1, 0, 0, 0];
    for (let n = 0; n < frame.length; n++) {
      re += frame[n] * cosine;
      im -= frame[n] * sine;
      [cosine, sine] = [cosine * c - sine * s, cosine * s + sine * c];
    }
    return { re, im };
  }

  player(frequency, caption) {
    const turn = (2 * Math.PI * frequency) / this.sr;
    const cosine = Float32Array.from(this.fade, (v, i) => LEVEL * v * Math.cos(turn * i));
    const both = cosine.map((v, i) => v + this.fade[i] * this.y[this.settings.first + i]);
    const { bins, draw } = this.painter;
    const sounds = { "the cosine": cosine, both };
    const parts = Object.entries(sounds).map(([name, sound]) => ({ name, sound, drawing: draw([sound]) }));
    const note = { ...this.note, drawing: once(this.note.drawing) };
    const state = forPlayer([note, ...parts], { bins, sr: this.sr, caption, scores: [] });
    delete this.note.sound; // the page has it from the first answer
    return { ...state, n_samples: cosine.length };
  }

  spectrum(frame, frequency, later, total) {
    const [low, high] = this.seen;
    const lengths = this.lengths(later);
    const [x, y] = [[], []];
    const put = (hertz, long) => void (x.push(hertz), y.push(long));
    put(low, length(this.total(frame, low)));
    this.grid.forEach((hertz, i) => hertz > low && hertz < high && put(hertz, lengths[i]));
    put(high, length(this.total(frame, high)));
    const curves = [
      { name: "so far", x: Float32Array.from(x), y: Float32Array.from(y) },
      { name: "now", x: Float32Array.of(frequency), y: Float32Array.of(length(total)), dots: "alone" },
    ];
    const best = y.indexOf(Math.max(...y));
    const { lowest, highest } = this.settings;
    return {
      x_range: [lowest, highest],
      panels: [{ title: "how long the arrow is", y_label: "length", y_range: [0, this.longest], curves }],
      description: `how long the arrow is: ${length(total).toFixed(1)} at ${frequency.toFixed(1)} hertz, ` +
        `at most ${y[best].toFixed(1)} so far, at ${x[best].toFixed(1)} hertz`,
    };
  }

  arrow(total) {
    const range = [-this.longest, this.longest];
    const curve = { name: "", x: Float32Array.of(0, total.re), y: Float32Array.of(0, total.im), arrow: true };
    return {
      x_range: range,
      panels: [{ title: "", y_label: "with minus the sine", y_range: range, curves: [curve] }],
      description: described(total),
    };
  }

  products(frame, hertz) {
    const turn = (2 * Math.PI * hertz) / this.sr;
    const x = Float32Array.from(frame, (_, n) => (1000 * n) / this.sr);
    const peak = Math.max(1e-6, frame.reduce((most, v) => Math.max(most, Math.abs(v)), 0));
    const y_range = [-1.05 * peak, 1.05 * peak];
    const panel = (title, ...curves) => ({ title, y_label: "", y_range, curves });
    const cosine = Float32Array.from(frame, (_, n) => peak * this.window[n] * Math.cos(turn * n));
    const with_ = (name, wave) => {
      const y = Float32Array.from(frame, (v, n) => v * wave(turn * n));
      const [above, below] = [y.reduce((sum, v) => sum + Math.max(0, v), 0), y.reduce((sum, v) => sum + Math.min(0, v), 0)];
      return panel(`frame × ${name}: ${shown(above)} − ${shown(-below)} = ${shown(above + below)}`, { name, x, y, filled: true });
    };
    const panels = [
      panel("", { name: "frame", x, y: Float32Array.from(frame) }, { name: "cosine", x, y: cosine }),
      with_("cosine", Math.cos), with_("minus sine", (angle) => -Math.sin(angle)),
    ];
    const said = panels.slice(1).map(({ title }) => title).join("; ");
    return { x_range: [0, (1000 * frame.length) / this.sr], panels, description: said };
  }
}

const length = ({ re, im }) => Math.hypot(re, im);
const shown = (v) => v.toFixed(1).replace("-", "−").replace(/^−0\.0$/, "0.0");

function described({ re, im }) {
  const degrees = Math.round((180 / Math.PI) * Math.atan2(im, re)) || 0;
  return `an arrow ${shown(re)} across and ${shown(im)} up: ${shown(length({ re, im }))} long, at ${String(degrees).replace("-", "−")}°`;
}
