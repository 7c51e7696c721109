// What `explore_repet` computes: the beat spectrum, the median across periods, masks, sounds, and the scores of periods
// nearby; as explorers/repet.py has it from the module.

import { backgroundMasks, maskFor, rowsBelow } from "../engine/background.js";
import { medianAcrossPeriods } from "../engine/medians.js";
import { beatSpectrum, findPeriod, fittingHop } from "../engine/period.js";
import { onePicture, picture, rowEdges } from "../engine/pictures.js";
import { nothingRepeats } from "../engine/repet.js";
import { roundEven } from "../engine/rounding.js";
import { Mixture } from "../engine/separate.js";
import { voiced } from "./hpss.js";
import { kept } from "./kept.js";
import { drawn, forPlayer, masked, once, scoresOf, tableOf, together } from "./result.js";
import { Separation } from "./separation.js";

const NEAR = 16; // frames to each side of the period at which the neighbourhood is scored
const SMALL = 160; // columns of a small spectrogram

export class Repet extends Separation {
  constructor(given) {
    super(given);
    const { sr, winLength, hopLength } = this;
    this.found = this.settings.found ?? findPeriod(this.channels, sr);
    this.mixtures = kept((hop) => this.channels.map((y) => new Mixture(y, winLength, hop)));
    this.models = kept((hop, frames) => this.mixtures(hop).map((m) => medianAcrossPeriods(m.A, frames)));
    this.masks = kept((hop, frames, mask, highpassBins) => {
      const mixtures = this.mixtures(hop);
      const how = { mask: maskFor(mask, mixtures[0].A.frames / frames), power: 1, highpassBins };
      const models = this.models(hop, frames);
      return mixtures.map((m, c) => backgroundMasks(m.A, models[c], how));
    });
    const lags = Math.floor(this.channels[0].length / 2 / hopLength) - 1;
    const seconds = Float32Array.from({ length: lags }, (_, k) => ((k + 1) * hopLength) / sr);
    this.beats = { seconds, likeness: Float32Array.from(beatSpectrum(this.A).subarray(1, lags + 1)) };
    this.seen = new Map(); // the scores of the periods that were tried with these settings
    this.seenWith = "";
    this.range = null;
  }

  frames({ period, fit }) {
    const samples = period * this.sr;
    const hop = fit ? fittingHop(samples, this.winLength) : this.hopLength;
    return [hop, Math.max(1, roundEven(samples / hop))];
  }

  separated(values) {
    const [hop, frames] = this.frames(values);
    const mixtures = this.mixtures(hop);
    const rows = rowsBelow(values.highpass, this.sr, this.winLength);
    const masks = this.masks(hop, frames, values.mask, rows);
    const perChannel = mixtures.map((m, c) =>
      values.phase === "mixture" ? m.sounds(masks[c]) : masks[c].map((M) => voiced(m, masked(m.A, M), "zero")));
    return { sounds: together(perChannel), mixtures, masks, hop, frames, rows };
  }

  async update(asked, checkpoint) {
    const { sr } = this;
    const values = { ...asked, period: asked.period ?? this.found };
    const { sounds, mixtures, masks, hop, frames, rows } = this.separated(values);
    const asShare = values.shown === "mask";
    const pictured = mixtures.map((m) => m.A);
    const parts = ["background", "foreground"].map((name, k) => ({
      name,
      sound: sounds[k],
      share: asShare,
      drawing: drawn(pictured, sr, hop, this.ref, masks.map((shares) => shares[k]), asShare),
    }));
    this.forget(values);
    const scores = scoresOf(this.stems, sounds);
    if (scores.length) this.seen.set(values.period, scores);
    const own = { name: "mixture", drawing: once(this.mixtureDrawn) };
    return {
      values: { period: values.period },
      player: forPlayer([own, ...parts], {
        bins: this.A.bins, sr, caption: this.caption(values, sounds[1], hop, frames), scores: tableOf(this.names, scores, this.settings.baselines),
      }),
      charts: { beats: this.beatsChart(values), segment: this.segment(hop, frames), near: this.near(values) },
      facts: { win_length: this.winLength, hop_length: hop, period_frames: frames, highpass_bins: rows },
    };
  }

  caption({ period }, foreground, hop, frames) {
    const samples = period * this.sr;
    const n = this.channels[0].length;
    const sides = this.channels.map((_, c) => foreground.subarray(c * n, (c + 1) * n));
    const warning = nothingRepeats(this.channels, sides, samples, this.winLength, hop)
      ? " Nothing repeats clearly with it: most of the energy is foreground." : "";
    return `Period ${period.toFixed(3)} s = ${(samples / hop).toFixed(2)} frames of ${hop} samples, taken as ${frames}.${warning}`;
  }

  // Scores that were made with other settings say nothing about these.
  forget({ mask, phase, highpass, fit }) {
    const settings = [mask, phase, highpass, fit].join();
    if (settings !== this.seenWith) this.seen.clear();
    this.seenWith = settings;
  }

  // --- what buttons do

  async act(name, values, checkpoint, progress) {
    const frame = this.hopLength / this.sr;
    const { period } = values;
    const to = { half: period / 2, double: 2 * period, shorter: period - frame, longer: period + frame, found: this.found }[name];
    if (to !== undefined) return { values: { period: Math.min(Math.max(to, this.shortest), this.longest) } };
    await this.score(values, checkpoint, progress);
    return { charts: { near: this.near(values) } };
  }

  get longest() {
    return (this.channels[0].length / 2 - this.hopLength) / this.sr;
  }

  get shortest() {
    return Math.min((4 * this.hopLength) / this.sr, this.longest);
  }

  // Tries the periods of the frames around this one.
  async score(values, checkpoint, progress) {
    this.forget(values);
    for (let k = -NEAR; k <= NEAR; k++) {
      const period = values.period + (k * this.hopLength) / this.sr;
      if (period >= this.shortest && period <= this.longest && !this.seen.has(period)) {
        this.seen.set(period, scoresOf(this.stems, this.separated({ ...values, period }).sounds));
        await checkpoint();
      }
      progress((k + NEAR + 1) / (2 * NEAR + 1));
    }
  }

  // --- charts

  beatsChart({ period }) {
    const { seconds, likeness } = this.beats;
    const top = 1.05 * likeness.reduce((a, b) => Math.max(a, b), -Infinity);
    const bottom = Math.min(0, likeness.reduce((a, b) => Math.min(a, b), Infinity));
    const curves = [{ name: "", x: seconds, y: likeness }];
    return {
      x_range: [0, seconds[seconds.length - 1]],
      panels: [{ title: "beat spectrum", y_label: "likeness", y_range: [bottom, top], curves }],
      description: `beat spectrum, with the period at ${period.toFixed(3)} seconds`,
    };
  }

  segment(hop, frames) {
    const models = this.models(hop, frames);
    const whole = onePicture(models);
    const model = { bins: whole.bins, frames, data: whole.data.subarray(0, frames * whole.bins) };
    const seconds = (frames * hop) / this.sr;
    const levels = picture(model, this.sr, this.ref, SMALL);
    const edges = rowEdges(model.bins, this.sr);
    const title = `repeating segment, the median of ${Math.ceil(whole.frames / frames)}`;
    const cells = { levels, edges, column_seconds: seconds / (levels.length / (edges.length - 1)) };
    return {
      x_range: [0, seconds],
      panels: [{ title, y_label: "frequency (Hz)", y_range: [0, edges[edges.length - 1]], curves: [], ...cells }],
      description: `spectrogram of the repeating segment, ${seconds.toFixed(2)} seconds`,
    };
  }

  // The scores of the periods tried so far; the picture moves on when the line leaves it.
  near({ period }) {
    if (!this.stems.length) return {};
    const reach = ((NEAR + 0.5) * this.hopLength) / this.sr;
    if (!this.range || period < this.range[0] || period > this.range[1]) this.range = [period - reach, period + reach];
    const [low, high] = this.range;
    const tried = [...this.seen.keys()].filter((p) => p >= low && p <= high).sort((a, b) => a - b);
    // Perfect and silent estimates have no finite score, but a place in the picture.
    const rows = tried.map((p) => this.seen.get(p).map((score) => Math.min(99, Math.max(-99, score))));
    const all = rows.flat();
    const curves = this.names.map((name, i) => ({
      name, x: Float32Array.from(tried), y: Float32Array.from(rows, (row) => row[i]), dots: true,
    }));
    return {
      x_range: [low, high],
      panels: [{ title: "SI-SDR", y_label: "dB", y_range: [Math.floor(Math.min(...all) - 1), Math.ceil(Math.max(...all) + 1)], curves }],
      description: `SI-SDR over the period, which is ${period.toFixed(3)} seconds`,
    };
  }
}
