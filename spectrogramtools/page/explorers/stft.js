// What `explore_stft` computes: there and back in double precision, the error, and one frame's spectrum.

import { loudest, onePicture } from "../engine/pictures.js";
import { halfsine, hann, istft, magnitudes, rectangular, sampled, stft, synthesisGain } from "../engine/transforms.js";
import { joined } from "../views/sounds.js";
import { kept } from "./kept.js";
import { drawn, forPlayer } from "./result.js";

const WINDOWS = { "half-sine": halfsine, Hann: hann, rectangular };
const FLOOR = -120; // dB; the frame's spectrum is drawn from here to 0 dB, the level of a sine at full scale

export class Stft {
  constructor({ signals: [signal], sr }) {
    this.sr = sr;
    this.channels = signal.channels.map((y) => Float64Array.from(y)); // so that an error shows that is not rounding
    this.n = this.channels[0].length;
    this.there = kept((W, hop, shape) => this.channels.map((y) => stft(y, W, hop, WINDOWS[shape])));
    this.back = kept((W, hop, shape) =>
      this.there(W, hop, shape).map((S) => istft(S, W, hop, this.n, WINDOWS[shape])));
    this.drawings = kept((...how) => this.allDrawings(...how));
  }

  allDrawings(W, hop, shape) {
    const analysed = (channels) => channels.map((y) => magnitudes(stft(Float32Array.from(y), W, hop, WINDOWS[shape])));
    const back = this.back(W, hop, shape);
    const spectra = [this.channels, back, this.differences(back)].map(analysed);
    const ref = loudest(onePicture(spectra[0])) || 1;
    return spectra.map((all) => drawn(all, this.sr, hop, ref));
  }

  differences(back) {
    return this.channels.map((y, c) => y.map((v, i) => v - back[c][i]));
  }

  async update({ length: W, hop: parts, shape, time }) {
    const hop = Math.floor(W / parts);
    const how = [W, hop, shape];
    const back = this.back(...how);
    // The signal itself is in the page already.
    const sounds = [back, this.differences(back)].map((all) => joined(all.map((y) => Float32Array.from(y))));
    const drawings = this.drawings(...how);
    const names = ["signal", "there and back", "difference"];
    const one = names.map((name, k) => ({ name, sound: sounds[k - 1], drawing: { ...drawings[k], levels: drawings[k].levels.slice() } }));
    const caption = this.caption(W, hop, shape, back);
    const inCode = { "half-sine": "spectrogramtools.halfsine", Hann: "spectrogramtools.hann", rectangular: "np.ones" };
    return {
      player: forPlayer(one, { bins: W / 2 + 1, sr: this.sr, caption, scores: [] }),
      charts: { frame: this.frame(W, hop, shape, time) },
      facts: { hop_length: hop, window: inCode[shape] },
    };
  }

  caption(W, hop, shape, back) {
    const { sr, n } = this;
    const energy = this.channels.reduce((sum, y) => sum + sumOfSquares(y), 0);
    const error = this.differences(back).reduce((sum, y) => sum + sumOfSquares(y), 0);
    const ratio = energy ? error / energy : 0;
    const found = ratio ? `${(10 * Math.log10(ratio)).toFixed(0)} dB`.replace("-", "−") : "no error at all";
    const gain = synthesisGain(WINDOWS[shape](W), hop, this.there(W, hop, shape)[0].frames);
    let covered = 0;
    for (let i = W >> 1; i < (W >> 1) + n; i++) covered += Number(gain[i] !== 0);
    return (
      `Window: ${((1000 * W) / sr).toFixed(1)} ms; bins ${(sr / W).toFixed(1)} Hz apart. Hop: ${hop} samples = ` +
      `${((1000 * hop) / sr).toFixed(1)} ms. There and back: ${found}` +
      (covered === n ? "." : `; windows cover ${covered} of ${n} samples.`)
    );
  }

  // The spectrum of the frame that the slider names.
  frame(W, hop, shape, time) {
    const A = onePicture(this.there(W, hop, shape).map(magnitudes));
    const i = Math.min(Math.round((time * this.sr) / hop), A.frames - 1);
    const fullScale = WINDOWS[shape](W).reduce((sum, w) => sum + w, 0) / 2;
    const column = A.data.subarray(i * A.bins, (i + 1) * A.bins);
    const levels = Float32Array.from(column, (a) => 20 * Math.log10(Math.max(a / fullScale, 10 ** (FLOOR / 20))));
    const hertz = Float32Array.from(column, (_, k) => (k * this.sr) / 2 / (A.bins - 1));
    const title = `frame ${i}, centred at ${((i * hop) / this.sr).toFixed(3)} s`;
    return {
      x_range: [0, this.sr / 2],
      panels: [{ title, y_label: "dB of full scale", y_range: [FLOOR, 0], curves: [{ name: "", x: hertz, y: levels }] }],
      description: `spectrum of ${title}`,
    };
  }
}

function sumOfSquares(y) {
  let sum = 0;
  for (const v of y) sum += v * v;
  return sum;
}
