// The beat spectrum and the period equal the module's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { beatSpectrum, findPeriod, fittingHop, secondsThatRepeat } from "../../spectrogramtools/page/engine/period.js";
import { camelCase, cases, close } from "./arrays.js";

// Where people play, the module's period is as exact as float32 lets its spectrogram be.
const OF_A_SAMPLE = 0.05;

for (const { name, ...given } of cases("period")) {
  const { A, channels, periods, error } = given;
  if (A) {
    test(`beat spectrum: ${name}`, () => {
      const before = A.data.slice();
      close(beatSpectrum(A), given.beats);
      assert.deepEqual(A.data, before);
    });
  } else if (periods) {
    test(`hops for a window of ${given.win_length}`, () => {
      assert.deepEqual([...periods].map((period) => fittingHop(period, given.win_length)), [...given.hops]);
    });
  } else if (channels && !error) {
    test(`period: ${name}`, () => {
      const period = findPeriod(channels, given.sr, camelCase(given.how));
      const beside = Math.abs(period - given.period);
      assert(beside * given.sr < OF_A_SAMPLE, `${period} s instead of ${given.period}`);
      // To a fraction of a sample where the waveform repeats: a whole number of samples in eight repetitions.
      const eights = 8 * given.period * given.sr;
      const whole = Math.abs(eights - Math.round(eights)) < 1e-6;
      if (whole) assert(beside < 1e-12, `${period} s instead of ${given.period}`);
    });
  } else {
    const does = channels
      ? () => findPeriod(channels, given.sr, camelCase(given.how))
      : () => secondsThatRepeat(given.seconds, given.samples, given.sr);
    test(`${name} ${JSON.stringify(given.how ?? given.seconds)}: ${error || "fits"}`, () => {
      if (error) assert.throws(does, { message: error });
      else assert.equal(does(), given.seconds);
    });
  }
}
