// What `explore_errors` computes: an estimate, made of the source and of two errors, and its three scores.

import { rounded, siSar, siSdr, siSir } from "../engine/evaluation.js";
import { joined } from "../views/sounds.js";
import { forPlayer, once, painter } from "./result.js";

export class Errors {
  constructor({ signals, sr }) {
    this.sr = sr;
    this.name = signals[0].name;
    const [source, other, noise] = signals.map(({ channels }) => channels);
    this.source = source;
    this.other = other;
    this.noise = noise;
    this.beside = [other, noise].map((error) => lengthOf(source) / lengthOf(error));
    this.painter = painter(this.source, sr);
    this.sourceDrawn = this.painter.draw(this.source);
  }

  async update({ interference, artefacts }) {
    const { source, other, noise } = this;
    const [a, b] = [interference, artefacts].map((level, k) => 10 ** (level / 20) * this.beside[k]);
    const estimate = source.map((y, c) => y.map((v, i) => v + a * other[c][i] + b * noise[c][i]));
    const [wanted, found, others] = [joined(source), joined(estimate), [joined(other)]];
    const scores = [siSdr(wanted, found), siSir(wanted, found, others), siSar(wanted, found, others)];
    const { bins, draw } = this.painter;
    const own = { name: this.name, drawing: once(this.sourceDrawn) };
    const parts = [own, { name: "estimate", sound: found, drawing: draw(estimate) }];
    const table = [["in dB", "SI-SDR", "SI-SIR", "SI-SAR"], ["estimate", ...scores.map(rounded)]];
    return { player: forPlayer(parts, { bins, sr: this.sr, caption: "", scores: table }), facts: {} };
  }
}

function lengthOf(channels) {
  let squares = 0;
  for (const y of channels) for (const v of y) squares += v * v;
  return Math.sqrt(squares);
}
