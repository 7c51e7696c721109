// What explorers of separations are given: the mixture, channel by channel, with its spectrogram and picture, and the
// stems to score by, if there are any.

import { loudest, onePicture } from "../engine/pictures.js";
import { Mixture } from "../engine/separate.js";
import { joined } from "../views/sounds.js";
import { drawn } from "./result.js";

export class Separation {
  constructor({ signals: [mixture, ...stems], sr, settings }) {
    const { win_length: winLength, hop_length: hopLength } = settings;
    this.sr = sr;
    this.settings = settings;
    this.winLength = winLength;
    this.hopLength = hopLength;
    this.channels = mixture.channels;
    this.stems = stems.map(({ channels }) => joined(channels));
    this.names = stems.map(({ name }) => name);
    this.steady = this.channels.map((y) => new Mixture(y, winLength, hopLength));
    this.A = onePicture(this.steady.map((m) => m.A));
    this.ref = loudest(this.A) || 1;
    this.mixtureDrawn = drawn(this.steady.map((m) => m.A), sr, hopLength, this.ref);
  }
}
