// What `explore_similarity` computes: how much all moments are like all others, the mean along each diagonal of that, and
// the music beside itself a lag later; as explorers/similarity.py has it from the module.

import { matrix } from "../engine/arrays.js";
import { beatSpectrum } from "../engine/period.js";
import { roundEven } from "../engine/rounding.js";
import { magnitudes, stft } from "../engine/transforms.js";
import { joined } from "../views/sounds.js";
import { kept } from "./kept.js";
import { forPlayer, painter } from "./result.js";

const CELLS = 320; // the matrix is drawn with so many columns at the most
const RANGE = 40; // dB from black to the brightest
const LIT = "#56b4e9"; // seen on dark and on bright cells
const TINY = 1e-30;

export class Similarity {
  constructor({ signals: [music], sr, settings }) {
    const { win_length: winLength, hop_length: hopLength } = settings;
    this.sr = sr;
    this.winLength = winLength;
    this.hopLength = hopLength;
    this.stereo = music.channels.length === 2;
    this.y = mixed(music.channels);
    const A = magnitudes(stft(this.y, winLength, hopLength));
    const counted = kept((votes) => weighted(A, votes));
    this.beats = kept((votes) => beatSpectrum(counted(votes)));
    this.levels = kept((votes) => levelsOf(products(pooled(counted(votes), CELLS)), votes === "moments"));
    this.painter = painter([this.y], sr);
    this.lags = Math.floor(Math.floor(this.y.length / 2) / hopLength); // the longest, in frames
  }

  async update({ lag, votes }) {
    const frames = this.framesOf(lag);
    const shift = frames * this.hopLength;
    const [left, right] = [this.y.slice(0, this.y.length - shift), this.y.slice(shift)];
    const difference = left.map((v, i) => v - right[i]);
    const { bins, draw } = this.painter;
    const parts = [
      { name: "beside itself", sound: joined([left, right]), drawing: draw([left, right]) },
      { name: "the difference", sound: joined([difference, difference]), drawing: draw([difference]) },
    ];
    const later = `${this.seconds(frames).toFixed(3)} s`;
    const caption = `Left ear: the music. Right ear: the music ${later} (${frames} frames) later.`;
    return {
      player: {
        ...forPlayer(parts, { bins, sr: this.sr, caption, scores: [] }), channels: 2, n_samples: left.length,
      },
      charts: { matrix: this.matrixChart(frames, votes), beats: this.beatsChart(frames, votes) },
      facts: { win_length: this.winLength, hop_length: this.hopLength, lag_frames: frames, stereo: this.stereo },
    };
  }

  framesOf(lag) {
    return roundEven((lag * this.sr) / this.hopLength);
  }

  seconds(frames) {
    return (frames * this.hopLength) / this.sr;
  }

  async act(name, { lag, votes }) {
    const to = { half: lag / 2, double: 2 * lag }[name] ?? this.seconds(this.highest(votes));
    return { values: { lag: this.seconds(Math.min(this.framesOf(to), this.lags)) } };
  }

  // The lag, in frames, of the largest value from 0.8 to 8 s, at most a third of the music.
  highest(votes) {
    const b = this.beats(votes);
    const last = Math.floor(Math.min((8 * this.sr) / this.hopLength, b.length / 3));
    let best = Math.min(Math.ceil((0.8 * this.sr) / this.hopLength), last);
    for (let frames = best + 1; frames <= last; frames++) if (b[frames] > b[best]) best = frames;
    return best;
  }

  // --- charts

  // A diagonal is drawn over it: each moment beside the one a lag later.
  matrixChart(frames, votes) {
    const { levels, cells } = this.levels(votes);
    const whole = this.y.length / this.sr;
    const edges = Float32Array.from({ length: cells + 1 }, (_, k) => (k / cells) * whole);
    const lag = this.seconds(frames);
    const diagonal = { name: "", x: Float32Array.of(0, whole - lag), y: Float32Array.of(lag, whole), colour: LIT };
    return {
      x_range: [0, whole],
      panels: [{
        title: "every moment beside every other", y_label: "time (s)", y_range: [0, whole], curves: [diagonal],
        levels, edges, column_seconds: whole / cells,
      }],
      description: `similarity matrix, with the diagonal of moments ${lag.toFixed(3)} seconds apart`,
    };
  }

  beatsChart(frames, votes) {
    const shown = this.beats(votes).subarray(0, this.lags + 1);
    const seconds = Float32Array.from(shown, (_, lag) => this.seconds(lag));
    const curves = [{ name: "", x: seconds, y: Float32Array.from(shown) }];
    const point = { x: seconds[frames], y: shown[frames], colour: LIT };
    const title = `beat spectrum: the diagonal's mean is ${shown[frames].toFixed(2)}`;
    return {
      x_range: [0, seconds[this.lags]],
      panels: [{ title, y_label: "likeness", y_range: [0, 1.05 * Math.max(...shown)], curves, point }],
      description: `${title} at ${this.seconds(frames).toFixed(3)} seconds`,
    };
  }
}

// Both channels as one.
function mixed([one, other]) {
  return other ? one.map((v, i) => (v + other[i]) / 2) : one;
}

// Magnitudes whose squares are compared: as they are; rows of one energy; columns of length 1.
function weighted({ bins, frames, data }, votes) {
  const weighted = matrix(bins, frames, Float64Array);
  weighted.data.set(data);
  if (votes === "power") return weighted;
  const sums = new Float64Array(votes === "rows" ? bins : frames);
  const placeOf = votes === "rows" ? (i) => i % bins : (i) => Math.floor(i / bins);
  const power = votes === "rows" ? 4 : 2;
  for (let i = 0; i < data.length; i++) sums[placeOf(i)] += data[i] ** power;
  const rows = sums.map((sum) => Math.max((sum / frames) ** 0.25, TINY));
  const columns = sums.map((sum) => Math.max(Math.sqrt(sum), TINY));
  for (let i = 0; i < data.length; i++) {
    weighted.data[i] = votes === "rows" ? data[i] / rows[placeOf(i)] : Math.sqrt(data[i] / columns[placeOf(i)]);
  }
  return weighted;
}

// The squares, of neighbouring frames the mean, so that there are `most` at the most: the mean over a block of the
// matrix is the product of two such means.
function pooled({ bins, frames, data }, most) {
  const cells = Math.min(frames, most);
  const means = matrix(bins, cells, Float64Array);
  for (let c = 0; c < cells; c++) {
    const [first, end] = [c, c + 1].map((k) => Math.floor((k * frames) / cells));
    for (let n = first; n < end; n++) {
      for (let k = 0; k < bins; k++) means.data[c * bins + k] += data[n * bins + k] ** 2 / (end - first);
    }
  }
  return means;
}

// Of each column with each.
function products({ bins, frames, data }) {
  const found = matrix(frames, frames, Float64Array);
  for (let i = 0; i < frames; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < bins; k++) sum += data[i * bins + k] * data[j * bins + k];
      found.data[i * frames + j] = found.data[j * frames + i] = sum;
    }
  }
  return found;
}

// Colours: a cosine as it is, everything else in dB below the largest.
function levelsOf({ frames: cells, data }, cosine) {
  const most = data.reduce((a, b) => Math.max(a, b), TINY);
  const share = cosine ? (v) => v : (v) => 1 + (10 * Math.log10(Math.max(v / most, TINY))) / RANGE;
  return { cells, levels: Uint8Array.from(data, (v) => Math.round(255 * Math.min(1, Math.max(0, share(v))))) };
}
