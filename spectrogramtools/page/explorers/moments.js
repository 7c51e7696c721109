// What `explore_moments` computes: how much every moment is like the one under the line, and what the moments that are
// most alike sound like; as explorers/moments.py has it from the module.

import { onePicture } from "../engine/pictures.js";
import { roots, similarFrames, similarityMatrix } from "../engine/repet_sim.js";
import { roundEven } from "../engine/rounding.js";
import { magnitudes, stft } from "../engine/transforms.js";
import { joined } from "../views/sounds.js";
import { kept } from "./kept.js";
import { forPlayer, painter } from "./result.js";

export class Moments {
  constructor({ signals: [music], sr, settings }) {
    const { win_length: winLength, hop_length: hopLength, piece } = settings;
    this.sr = sr;
    this.settings = settings;
    this.hopLength = hopLength;
    this.music = music.channels;
    this.A = onePicture(this.music.map((y) => magnitudes(stft(y, winLength, hopLength))));
    this.similarity = kept((compared) => similarityMatrix(compared === "roots" ? roots(this.A) : this.A));
    this.painter = painter(this.music, sr);
    const turn = (2 * Math.PI) / (piece - 1);
    this.fade = Float32Array.from({ length: piece }, (_, i) => Math.min(1, 20 * (0.5 - 0.5 * Math.cos(i * turn))));
    this.playsMusic = false; // whether the page has the music, and its picture, from the last answer
  }

  async update({ moment, count, compared, heard }) {
    const { sr, settings, similarity } = this;
    const last = Math.floor(this.music[0].length / this.hopLength);
    const frame = Math.min(roundEven((moment * sr) / this.hopLength), last);
    const { frames, data } = similarity(compared);
    const row = data.slice(frame * frames, (frame + 1) * frames);
    const how = { count, distanceFrames: settings.distance_frames };
    const [found] = similarFrames({ bins: frames, frames: 1, data: row }, how);
    const { win_length, hop_length, piece, distance_frames } = settings;
    return {
      player: heard === "music" ? this.playMusic() : this.playPieces(frame, found),
      charts: { likeness: this.chart(row, found, moment) },
      facts: { win_length, hop_length, piece, distance_frames, frame, stereo: this.music.length === 2 },
    };
  }

  playMusic() {
    const { bins, draw } = this.painter;
    const part = this.playsMusic
      ? { name: "the music", drawing: { columns: this.columns } }
      : { name: "the music", sound: joined(this.music).slice(), drawing: draw(this.music) };
    this.playsMusic = true;
    this.columns = part.drawing.columns;
    return { ...forPlayer([part], { bins, sr: this.sr, caption: "", scores: [] }), n_samples: this.music[0].length };
  }

  playPieces(frame, found) {
    this.playsMusic = false;
    const { bins, draw } = this.painter;
    const sounds = { "this moment": found.map(() => frame), "the most alike": found };
    const parts = Object.entries(sounds).map(([name, frames]) => {
      const sides = this.music.map((y) => this.pieces(y, frames));
      return { name, sound: joined(sides), drawing: draw(sides) };
    });
    const n_samples = found.length * this.settings.piece;
    return { ...forPlayer(parts, { bins, sr: this.sr, caption: "", scores: [] }), n_samples };
  }

  // What sounds around these frames, one after the other, each faded in and out.
  pieces(y, frames) {
    const n = this.settings.piece;
    const row = new Float32Array(n * frames.length);
    frames.forEach((frame, k) => {
      const start = this.hopLength * frame - Math.floor(n / 2);
      for (let i = 0; i < n; i++) row[k * n + i] = this.fade[i] * (y[start + i] ?? 0);
    });
    return row;
  }

  chart(row, found, moment) {
    const seconds = (frame) => (frame * this.hopLength) / this.sr;
    const alike = [...found].sort((a, b) => a - b);
    const curves = [
      { name: "every moment", x: Float32Array.from(row, (_, n) => seconds(n)), y: Float32Array.from(row) },
      { name: "most alike", x: Float32Array.from(alike, seconds), y: Float32Array.from(alike, (n) => row[n]), dots: "alone" },
    ];
    const title = `how much every moment is like the one at ${moment.toFixed(2)} s`;
    return {
      x_range: [0, this.music[0].length / this.sr],
      panels: [{ title, y_label: "similarity", y_range: [0, 1.05], curves }],
      description: title,
    };
  }
}
