// The period as it moves equals the module's, and so do frames that are placed by it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { followPeriod, placesOfFrames } from "../../spectrogramtools/page/engine/follow.js";
import { PlacedMixture } from "../../spectrogramtools/page/engine/placed.js";
import { cases, close } from "./arrays.js";

for (const { name, channels, sr, period, hop, ...wanted } of cases("follow")) {
  if (wanted.times) {
    test(`followed: ${name}`, () => {
      const { times, periods } = followPeriod(channels, sr, period);
      assert.equal(times.length, wanted.times.length);
      times.forEach((time, i) => assert(Math.abs(time - wanted.times[i]) < 1e-12));
      const worst = periods.reduce((most, p, i) => Math.max(most, Math.abs(p - wanted.periods[i])), 0);
      assert(worst < 1e-6, `wrong by ${worst} s`);
    });

    test(`placed: ${name}`, () => {
      const { places, frames } = placesOfFrames(wanted.times, wanted.periods, channels[0].length, sr, hop);
      assert.equal(frames, wanted.frames);
      assert.deepEqual(places, wanted.places);
    });
  }

  if (wanted.S) {
    test(`transformed: ${name}`, () => {
      const mixture = new PlacedMixture(channels[0], 512, wanted.places);
      close(mixture.S, wanted.S, "S");
      close(mixture.A, wanted.A, "A");
      close(mixture.sound(mixture.S), wanted.back, "back");
      const half = { ...mixture.A, data: new Float32Array(mixture.A.data.length).fill(0.5) };
      close(mixture.sound(mixture.S, half), wanted.halved, "halved");
    });
  }
}
