// What `explore_repet_sim` computes: which frames are alike, the median over them, masks and sounds; as
// explorers/repet_sim.py has it from the module. The similarity matrix depends on the sound alone.

import { median } from "../engine/agreement.js";
import { backgroundMasks, maskFor, rowsBelow } from "../engine/background.js";
import { medianAcrossSimilar } from "../engine/medians.js";
import { roots, similarFrames, similarityMatrix } from "../engine/repet_sim.js";
import { roundEven } from "../engine/rounding.js";
import { kept } from "./kept.js";
import { drawn, forPlayer, once, scoresOf, tableOf, together } from "./result.js";
import { Separation } from "./separation.js";

export class RepetSim extends Separation {
  constructor(given) {
    super(given);
    this.mixtures = this.steady;
    this.similarity = this.mixtures.map((m) => similarityMatrix(roots(m.A)));
    // All of them, the most alike first, so that fewer are found at once.
    this.alike = kept((distanceFrames, threshold) =>
      this.similarity.map((rows) => similarFrames(rows, { count: rows.frames, distanceFrames, threshold })));
    this.neighbours = kept((count, ...how) => this.alike(...how).map((all) => all.map((near) => near.subarray(0, count))));
    this.models = kept((...how) => {
      const neighbours = this.neighbours(...how);
      return this.mixtures.map((m, c) => medianAcrossSimilar(m.A, neighbours[c]));
    });
  }

  async update({ count, distance, threshold, mask, highpass, shown }, checkpoint) {
    const { sr, mixtures, hopLength } = this;
    const how = [count, Math.max(1, roundEven((distance * sr) / hopLength)), threshold];
    const found = this.neighbours(...how).map((neighbours) => neighbours.map((near) => near.length));
    const models = this.models(...how);
    await checkpoint();
    const highpassBins = rowsBelow(highpass, sr, this.winLength);
    const masks = mixtures.map((m, c) =>
      backgroundMasks(m.A, models[c], { mask: maskFor(mask, median(found[c])), power: 1, highpassBins }));
    const sounds = together(mixtures.map((m, c) => m.sounds(masks[c])));
    const asShare = shown === "mask";
    const spectra = mixtures.map((m) => m.A);
    const parts = ["background", "foreground"].map((name, k) => ({
      name,
      sound: sounds[k],
      share: asShare,
      drawing: drawn(spectra, sr, hopLength, this.ref, masks.map((two) => two[k]), asShare),
    }));
    const scores = tableOf(this.names, scoresOf(this.stems, sounds), this.settings.baselines);
    const all = found.flat();
    const caption = `In the median of a frame are ${median(all)} frames, at least ${Math.min(...all)} and at most ${Math.max(...all)}.`;
    const own = { name: "mixture", drawing: once(this.mixtureDrawn) };
    return { player: forPlayer([own, ...parts], { bins: mixtures[0].A.bins, sr, caption, scores }), facts: {} };
  }
}
