// What `explore_window_sum` computes: what windows add up to at any hop, whether that is constant (COLA) or at least
// nowhere zero (NOLA), and what it makes of a sound; as explorers/window_sum.py has it from the module.

import { analyse, synthesise } from "../engine/frames.js";
import { COVERED, halfsine, hann, rectangular } from "../engine/transforms.js";
import { joined } from "../views/sounds.js";
import { kept } from "./kept.js";
import { forPlayer, once, painter } from "./result.js";

const cosines = (a, b, c) => (W) => Float64Array.from({ length: W }, (_, n) => {
  const turn = (2 * Math.PI * n) / W;
  return a - b * Math.cos(turn) + c * Math.cos(2 * turn);
});
const WINDOWS = {
  "half-sine": halfsine, Hann: hann, Hamming: cosines(0.54, 0.46, 0), Blackman: cosines(0.42, 0.5, 0.08), rectangular,
};
const IN_CODE = {
  "half-sine": (W) => `np.sin(np.pi * np.arange(${W}) / ${W})`,
  Hann: (W) => `np.hanning(${W} + 1)[:-1]`,
  Hamming: (W) => `np.hamming(${W} + 1)[:-1]`,
  Blackman: (W) => `np.blackman(${W} + 1)[:-1]`,
  rectangular: (W) => `np.ones(${W})`,
};
const TOLERANCE = 1e-10; // scipy's, for check_COLA and check_NOLA
const WINDOWS_WIDE = 3; // how much the chart shows
const POINTS = 64; // of a window that is drawn
const EVERY = 4; // samples, of the sum that is drawn

export class WindowSum {
  constructor({ signals: [signal], sr, settings }) {
    this.sr = sr;
    this.W = settings.win_length;
    this.firstSilent = settings.first_silent;
    this.signal = signal.channels;
    this.painter = painter(this.signal, sr);
    this.signalDrawn = this.painter.draw(this.signal);
    const padded = this.signal.map((y) => {
      const room = new Float32Array(y.length + 2 * this.W);
      room.set(y, this.W);
      return room;
    });
    this.masked = kept((shape, hop) => padded.map((y) => {
      const S = analyse(y, Float32Array.from(WINDOWS[shape](this.W)), hop);
      for (let n = 0; n < S.frames; n++) {
        for (const part of [S.re, S.im]) part.fill(0, n * S.bins + this.firstSilent, (n + 1) * S.bins);
      }
      return S;
    }));
  }

  async update({ shape, fades, hop, columns, divided }) {
    const { W, firstSilent } = this;
    const window = WINDOWS[shape](W);
    const weights = fades === 2 ? window.map((w) => w * w) : window;
    const total = sumOf(weights, hop);
    const mean = total.reduce((sum, v) => sum + v, 0) / hop;
    const gain = total.map((v) => (divided === "mean" ? 1 / mean : v >= COVERED * mean ? 1 / v : 0));
    const back = columns === "masked" ? this.throughColumns(shape, fades, hop, gain) : this.faded(total, gain);
    const { bins, draw } = this.painter;
    const parts = [
      { name: "signal", drawing: once(this.signalDrawn) },
      { name: "there and back", sound: joined(back), drawing: draw(back) },
    ];
    const told = verdict(total);
    const error = columns === "untouched" ? ` ${this.error(back)}` : "";
    const caption = `Hop: ${hop} of ${W} samples. The sum ${told.text}.${error}`;
    return {
      player: forPlayer(parts, { bins, sr: this.sr, caption, scores: [] }),
      charts: { sum: this.chart(weights, total, mean, hop, told) },
      facts: { window: IN_CODE[shape](W), win_length: W, first_silent: firstSilent },
    };
  }

  // Frames that nobody has touched add up to the signal times the sum of their fades: no transform is needed.
  faded(total, gain) {
    const level = total.map((v, r) => v * gain[r]);
    return this.signal.map((y) => y.map((v, i) => v * level[(i + this.W) % level.length]));
  }

  throughColumns(shape, fades, hop, gain) {
    const window = fades === 2 ? Float32Array.from(WINDOWS[shape](this.W)) : new Float32Array(this.W).fill(1);
    return this.masked(shape, hop).map((S, c) => {
      const added = synthesise(S, window, hop);
      return this.signal[c].map((_, i) => (added[i + this.W] ?? 0) * gain[(i + this.W) % hop]);
    });
  }

  error(back) {
    let [wrong, all] = [0, 0];
    back.forEach((y, c) => y.forEach((v, i) => {
      wrong += (v - this.signal[c][i]) ** 2;
      all += this.signal[c][i] ** 2;
    }));
    const ratio = 10 * Math.log10(wrong / all);
    if (!(ratio > -130)) return "There and back: exact.";
    return `There and back: an error of ${ratio.toFixed(1).replace("-", "−")} dB.`;
  }

  // What each frame has a part in, and their sum; beside the sum's mean, which is 1.
  chart(weights, total, mean, hop, told) {
    const { W } = this;
    const end = WINDOWS_WIDE * W;
    const x = [];
    const y = [];
    for (let start = (1 - Math.ceil(W / hop)) * hop; start < end; start += hop) {
      for (let k = 0; k < POINTS; k++) {
        const n = Math.floor((k * W) / POINTS);
        if (!k) x.push(start), y.push(0);
        x.push(start + n), y.push(weights[n] / mean);
      }
      x.push(start + W, start + W), y.push(weights[W - 1] / mean, 0);
    }
    const places = Float32Array.from({ length: Math.floor(end / EVERY) + 1 }, (_, i) => i * EVERY);
    const curves = [
      { name: "each frame", x: Float32Array.from(x), y: Float32Array.from(y) },
      { name: "their sum", x: places, y: places.map((n) => total[n % hop] / mean) },
    ];
    const most = total.reduce((a, b) => Math.max(a, b)) / mean;
    const title = `hop ${(hop / W).toFixed(3)} of the window: ${told.short}`;
    const y_range = [0, Math.max(2.2, 1.1 * most)];
    return { x_range: [0, end], panels: [{ title, y_label: "part of the mean", y_range, curves }], description: title };
  }
}

// What windows that have gone on forever add up to, from the beginning of one to that of the next.
function sumOf(weights, hop) {
  const total = new Float64Array(hop);
  for (let n = 0; n < weights.length; n++) total[n % hop] += weights[n];
  return total;
}

function verdict(total) {
  const [least, most] = [Math.min, Math.max].map((f) => total.reduce((a, b) => f(a, b)));
  if (most - least < TOLERANCE) return { short: "COLA and NOLA", text: "is constant: COLA, and NOLA with it" };
  if (least <= TOLERANCE) return { short: "neither COLA nor NOLA", text: "falls to zero: neither COLA nor NOLA" };
  const swing = 20 * Math.log10(most / least); // the sum is what amplitudes are multiplied by
  const dB = swing < 0.095 ? swing.toPrecision(1) : swing.toFixed(1);
  return { short: `varies by ${dB} dB; NOLA, not COLA`, text: `varies by ${dB} dB and is nowhere zero: NOLA, but not COLA` };
}
