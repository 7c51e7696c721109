// Scores equal the module's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { rounded, siSar, siSdr, siSir } from "../../spectrogramtools/page/engine/evaluation.js";
import { cases } from "./arrays.js";

// Beyond 130 dB all digits are rounding noise.
function same(found, wanted, what) {
  if (Math.abs(wanted) > 130) assert(found * Math.sign(wanted) > 130, `${what}: ${found}`);
  else assert(Math.abs(found - wanted) < 1e-6, `${what}: ${found} instead of ${wanted}`);
}

for (const { name, reference, estimate, others, sdr, sir, sar, rounded: texts } of cases("evaluation")) {
  if (texts) {
    test("as text", () => texts.forEach(({ score, text }) => assert.equal(rounded(score), text)));
  } else {
    test(name, () => {
      same(siSdr(reference, estimate), sdr, "SI-SDR");
      same(siSir(reference, estimate, others), sir, "SI-SIR");
      same(siSar(reference, estimate, others), sar, "SI-SAR");
    });
  }
}

test("nothing can be scored against silence", () => {
  assert.throws(() => siSdr(new Float32Array(9), new Float32Array(9).fill(1)), /silent/);
});
