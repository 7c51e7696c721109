// REPET equals the module's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { maskFor, rowsBelow } from "../../spectrogramtools/page/engine/background.js";
import * as engine from "../../spectrogramtools/page/engine/repet.js";
import { addUp, camelCase, cases, close, equal } from "./arrays.js";

const FUNCTIONS = { repet: engine.repet, repet_extended: engine.repetExtended, repet_adaptive: engine.repetAdaptive };

// Of two halves that are equal to rounding, a binary mask takes the one or the other. Such a cell is heard this much.
const A_CELL = 1e-4;

for (const { name, A, channels, runs, heard, error, asked, rows, ...given } of cases("repet")) {
  const what = `${name} ${JSON.stringify(given.how)}`;
  if (A) {
    test(`masks: ${what}, period ${given.period}`, () => {
      const found = engine.repetMasks(A, given.period, camelCase(given.how));
      found.forEach((mask, i) => close(mask, given.masks[i], `mask ${i}`, 1e-6));
    });
  } else if (error) {
    test(`${given.function}, ${what}: ${error}`, () => {
      assert.throws(() => FUNCTIONS[given.function](channels, given.sr, camelCase(given.how)), { message: error });
    });
  } else if (channels) {
    for (const run of runs) {
      test(`${run.function}: ${name} ${JSON.stringify(run.how)}`, () => {
        const before = channels.map((y) => y.slice());
        const [background, foreground] = FUNCTIONS[run.function](channels, given.sr, camelCase(run.how));
        channels.forEach((y, c) => equal(y, before[c], "what came in"));
        addUp(channels, background, foreground, run.background, run.how.mask === "binary" ? A_CELL : undefined);
      });
    }
  } else if (heard) {
    test(`nothing repeats: ${name}, ${given.part} of it is foreground`, () => {
      const foreground = heard.map((y) => y.map((v) => given.part * v));
      assert.equal(engine.nothingRepeats(heard, foreground, given.period, 1024, 250), given.nothing);
    });
  } else if (asked) {
    test(name, () => asked.forEach(({ mask, repetitions, taken }) => assert.equal(maskFor(mask, repetitions), taken)));
  } else {
    test(name, () => rows.forEach(({ highpass, sr, win, rows: n }) => assert.equal(rowsBelow(highpass, sr, win), n)));
  }
}
