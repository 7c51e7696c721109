// How well repetitions agree is what it is in the module.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as engine from "../../spectrogramtools/page/engine/agreement.js";
import { cases, equal } from "./arrays.js";

const { leftOutError, median, ofEndless, repetitions, standsOut } = engine;

for (const { name, A, period, stack: wanted, errors, lasting, stands_out } of cases("agreement")) {
  test(`${name}, ${period} frames`, () => {
    const stack = repetitions(A, period);
    assert.equal(stack.count, wanted.frames);
    assert.equal(stack.cells, wanted.bins);
    equal(stack.data, wanted.data);
    errors.forEach(({ nearest, among, error }, i) => {
      const found = leftOutError(stack, nearest, among ?? undefined);
      assert(Math.abs(found - error) < 1e-9, `nearest ${nearest}, among ${among}: ${found} instead of ${error}`);
      if (lasting) assert(Math.abs(ofEndless(found, stack.count) - lasting[i]) < 1e-9);
    });
    assert.equal(standsOut(A, period), stands_out);
  });
}

test("the median of an even number of numbers is the mean of the two in the middle", () => {
  assert.equal(median([9, 1, 2]), 2);
  assert.equal(median([9, 1, 2, 4]), 3);
});
