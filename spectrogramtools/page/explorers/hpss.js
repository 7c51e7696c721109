// What `explore_hpss` computes: medians, masks or none, sounds with a phase; as explorers/hpss.py has it from the module.

import { griffinLimTurns } from "../engine/griffinlim.js";
import { masksOfMedians, residualMask } from "../engine/hpss.js";
import { medianAcrossFrequency, medianAcrossTime } from "../engine/medians.js";
import { withPhaseOf } from "../engine/masks.js";
import { kept } from "./kept.js";
import { drawn, forPlayer, masked, once, scoresOf, tableOf, together } from "./result.js";
import { Separation } from "./separation.js";

// The sound of magnitudes, with the mixture's phase or with none.
export function voiced(mixture, A, phase) {
  if (phase === "mixture") return mixture.sound(withPhaseOf(A, mixture.S));
  return mixture.sound({ bins: A.bins, frames: A.frames, re: A.data, im: new Float32Array(A.data.length) });
}

const NAMES = ["harmonic", "percussive", "residual"];

export class Hpss extends Separation {
  constructor(given) {
    super(given);
    this.mixtures = this.steady;
    this.harmonic = kept((winh) => this.mixtures.map((m) => medianAcrossTime(m.A, 2 * winh + 1)));
    this.percussive = kept((winv) => this.mixtures.map((m) => medianAcrossFrequency(m.A, 2 * winv + 1)));
    this.masks = kept((winh, winv, mask, power, margin) => this.mixtures.map((_, c) => {
      const two = masksOfMedians(this.harmonic(winh)[c], this.percussive(winv)[c], { mask, power, margin });
      return margin > 1 ? [...two, residualMask(...two)] : two;
    }));
  }

  async update(values, checkpoint) {
    const { mask, phase, power, margin } = values;
    const H = this.harmonic(values.winh_frames);
    const P = this.percussive(values.winv_bins);
    const withoutMask = mask === "none";
    const masks = withoutMask ? null : this.masks(values.winh_frames, values.winv_bins, mask, power, margin);
    const spectra = (m, c) => (masks ? masks[c].map((M) => masked(m.A, M)) : [H[c], P[c]]);
    const perChannel = [];
    for (const [c, m] of this.mixtures.entries()) {
      if (masks && phase === "mixture") perChannel.push(m.sounds(masks[c]));
      else if (phase === "Griffin-Lim") perChannel.push(await this.found(m, spectra(m, c), checkpoint));
      else perChannel.push(spectra(m, c).map((A) => voiced(m, A, phase)));
    }
    const sounds = together(perChannel);
    const asShare = values.shown === "mask" && !withoutMask;
    const parts = sounds.map((sound, k) => {
      const pictured = withoutMask ? [H, P][k] : this.mixtures.map((m) => m.A);
      const through = masks && masks.map((shares) => shares[k]);
      const drawing = drawn(pictured, this.sr, this.hopLength, this.ref, through, asShare);
      return { name: NAMES[k], sound, share: asShare, drawing };
    });
    const scores = scoresOf(this.stems, sounds);
    const own = { name: "mixture", drawing: once(this.mixtureDrawn) };
    return {
      player: forPlayer([own, ...parts], {
        bins: this.A.bins,
        sr: this.sr,
        caption: this.caption(values),
        scores: tableOf(this.names, scores, this.settings.baselines),
      }),
      facts: {
        win_length: this.winLength,
        hop_length: this.hopLength,
        time_width: 2 * values.winh_frames + 1,
        frequency_width: 2 * values.winv_bins + 1,
        residual: margin > 1 && !withoutMask,
        inverse: phase === "Griffin-Lim" ? "griffinLimInverse" : "iSTFT",
        quiet: phase === "Griffin-Lim" ? ", verbose=False" : "",
      },
    };
  }

  // Griffin and Lim's phases take long: whoever has moved on need not wait for them.
  async found(mixture, parts, checkpoint) {
    const sounds = [];
    for (const A of parts) {
      const turns = griffinLimTurns(A, this.winLength, this.hopLength, { length: mixture.y.length });
      let turn;
      while (!(turn = turns.next()).done) await checkpoint();
      sounds.push(turn.value);
    }
    return sounds;
  }

  caption({ winh_frames: winh, winv_bins: winv }) {
    const [frames, bins] = [2 * winh + 1, 2 * winv + 1];
    const milliseconds = ((1000 * frames * this.hopLength) / this.sr).toFixed(0);
    const hertz = ((bins * this.sr) / this.winLength).toFixed(0);
    return `Medians: across ${frames} frames = ${milliseconds} ms for the harmonic part, across ${bins} bins = ${hertz} Hz for the percussive part.`;
  }
}
