import assert from "node:assert/strict";
import test from "node:test";
import { wholeNumbers } from "../../spectrogramtools/page/site/whole.js";

const ALL = Int16Array.from({ length: 65536 }, (_, k) => k - 32768);
const QUIET = Int16Array.from([-3, -1, 0, 1, 2, 3]);
const LOUD = Int16Array.from([-32768, 0, 20000, 32766, 32767]);

for (const positive of [32767, 32768]) {
  for (const [name, whole] of Object.entries({ all: ALL, quiet: QUIET, loud: LOUD, silent: new Int16Array(9) })) {
    test(`${name} numbers come back from floats made with ${positive}`, () => {
      const y = Float32Array.from(whole, (v) => v / (v > 0 ? positive : 32768));
      assert.deepEqual(wholeNumbers(y), whole);
    });
  }
}
