// What `explore_tempo` computes: a loop on a tape that gets faster, with a voice over it; what REPET and adaptive REPET
// leave of them, and how long it takes until each moment comes again.

import { rounded, siSdr } from "../engine/evaluation.js";
import { followPeriod } from "../engine/follow.js";
import { findPeriod } from "../engine/period.js";
import { repet, repetAdaptive } from "../engine/repet.js";
import { joined } from "../views/sounds.js";
import { interpolated } from "./curves.js";
import { forPlayer, painter } from "./result.js";

const NEAR = 0.06; // the curves are drawn from so much below the loop's period to so much above it
const END = 0.01; // seconds; a moment that comes again later than that before the end has a true period

export class Tempo {
  constructor({ signals: [loop, voice], sr, settings }) {
    this.sr = sr;
    this.names = [loop.name, voice.name];
    this.loop = loop.channels;
    this.voice = voice.channels;
    this.period = settings.period;
    this.places = Float64Array.from(this.loop[0], (_, i) => i);
  }

  async update({ tempo }, checkpoint) {
    const { sr, voice } = this;
    const place = this.placesOnTape(tempo / 100);
    const moved = this.loop.map((y) => Float32Array.from(interpolated(place, this.places, y)));
    const mixture = moved.map((y, c) => y.map((v, i) => v + voice[c][i]));
    const { bins, draw } = painter(mixture, sr);
    const period = findPeriod(mixture, sr);
    await checkpoint();
    const followed = followPeriod(mixture, sr, period);
    await checkpoint();
    const still = repet(mixture, sr, { period });
    await checkpoint();
    const adaptive = repetAdaptive(mixture, sr, { period, followed });
    await checkpoint();
    const sounds = { mixture, "foreground, repet": still[1], "foreground, adaptive": adaptive[1] };
    const parts = Object.entries(sounds).map(([name, sides]) => ({ name, sound: joined(sides), drawing: draw(sides) }));
    const row = (name, [back, front]) => [name, rounded(siSdr(moved, back)), rounded(siSdr(voice, front))];
    const scores = [["SI-SDR in dB", ...this.names], row("repet", still), row("repet_adaptive", adaptive)];
    return {
      player: forPlayer(parts, { bins, sr, caption: "", scores }),
      charts: { period: this.chart(followed, place, tempo) },
      facts: {},
    };
  }

  // The place of the loop, in samples, that sounds at each sample, while the speed goes from 1 - share to 1 + share.
  placesOnTape(share) {
    const last = this.places.length - 1;
    const step = 2 / last;
    const speed = (i) => 1 + share * (i === last ? 1 : -1 + i * step);
    let sum = 0;
    return this.places.map((i) => Math.min((sum += speed(i)) - speed(0), last));
  }

  chart({ times, periods }, place, tempo) {
    const { sr } = this;
    const seconds = place.map((sample) => sample / sr);
    const now = this.places.map((i) => i / sr);
    const again = interpolated(times, now, seconds).map((second) => second + this.period);
    const truth = interpolated(again, seconds, now).map((time, i) => time - times[i]);
    const known = times.filter((time, i) => time + truth[i] < now[now.length - 1] - END).length;
    const curves = [
      { name: "followed", x: Float32Array.from(times), y: Float32Array.from(periods) },
      { name: "true", x: Float32Array.from(times.subarray(0, known)), y: Float32Array.from(truth.subarray(0, known)) },
    ];
    const y_range = [(1 - NEAR) * this.period, (1 + NEAR) * this.period];
    return {
      x_range: [0, this.places.length / sr],
      panels: [{ title: "comes again after", y_label: "seconds", y_range, curves }],
      description: `the period, followed and true, at a tempo of plus and minus ${tempo} %`,
    };
  }
}
