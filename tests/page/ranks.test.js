// The tests by ranks give scipy's p-values.

import assert from "node:assert/strict";
import { test } from "node:test";
import { rankSum, signedRank } from "../../spectrogramtools/page/engine/ranks.js";
import { cases } from "./arrays.js";

const [{ signed, sums }] = cases("ranks");

// The normal approximation as well, far out in its tail too.
function equal(found, wanted, what) {
  assert(Math.abs(found - wanted) <= 1e-9 * wanted, `${what}: ${found} instead of ${wanted}`);
}

test("Wilcoxon's signed ranks", () => {
  for (const { d, p } of signed) equal(signedRank(d), p, `${d.length} songs`);
  assert(signed.some(({ p }) => p < 1e-9) && signed.some(({ p }) => p > 0.9));
});

test("Mann and Whitney's ranks", () => {
  for (const { a, b, p } of sums) equal(rankSum(a, b), p, `${a.length} and ${b.length} songs`);
  assert(sums.some(({ p }) => p < 1e-9) && sums.some(({ p }) => p > 0.5));
});

test("no difference is no evidence", () => {
  for (const n of [2, 20, 80]) {
    assert.equal(signedRank(new Float64Array(n)), 1);
    assert.equal(rankSum(new Float64Array(n), new Float64Array(n)), 1);
  }
});
