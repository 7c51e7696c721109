// What `explore_balance` computes: two sounds, mixed.

import { joined } from "../views/sounds.js";
import { forPlayer, painter } from "./result.js";

export class Balance {
  constructor({ signals: [first, second], sr }) {
    this.sr = sr;
    this.first = first.channels;
    this.second = second.channels;
    this.painter = painter(this.mix(1, 1), sr);
  }

  mix(first, second) {
    return this.first.map((y, c) => y.map((v, i) => first * v + second * this.second[c][i]));
  }

  async update({ balance }) {
    const mix = this.mix(Math.min(1, 1 + balance), Math.min(1, 1 - balance));
    const { bins, draw } = this.painter;
    const parts = [{ name: "your mix", sound: joined(mix), drawing: draw(mix) }];
    return { player: forPlayer(parts, { bins, sr: this.sr, caption: "", scores: [] }), facts: {} };
  }
}
