// HPSS equals the module's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { halfWidth, hpss, hpssMasks, residualMask } from "../../spectrogramtools/page/engine/hpss.js";
import { camelCase, cases, close } from "./arrays.js";

const camel = (name) => name.replace(/_./g, (c) => c[1].toUpperCase());
for (const { name, how, A, masks, y, sr, ...wanted } of cases("hpss")) {
  const settings = camelCase(how);
  const what = `${name} ${JSON.stringify(how)}`;
  if (A) {
    test(`masks: ${what}`, () => {
      const found = hpssMasks(A, settings);
      found.forEach((mask, i) => close(mask, masks[i], `mask ${i}`, 1e-6));
      const rest = residualMask(...found);
      const left = masks[0].data.map((v, i) => Math.max(0, 1 - v - masks[1].data[i]));
      rest.data.forEach((v, i) => assert(Math.abs(v - left[i]) < 1e-6));
    });
  } else {
    test(`sounds: ${what}`, () => {
      const found = hpss(y, sr, settings);
      const peak = y.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
      for (const part of ["harmonic", "percussive", "residual"]) {
        assert.equal(found[part].length, y.length);
        const worst = found[part].reduce((most, v, i) => Math.max(most, Math.abs(v - wanted[part][i])), 0);
        assert(worst <= 1e-5 * peak, `${part}: wrong by ${worst} of ${peak}`);
      }
    });
  }
}

test("a half-width of so many and a half cells is an even one, as in Python", () => {
  assert.deepEqual([0.5, 1.5, 2.5, 2.4, 2.6, 7].map((cells) => halfWidth(cells, 5)), [0, 2, 2, 2, 3, 5]);
});
