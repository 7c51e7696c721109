// The bootstrap gives what numpy gives of the same random numbers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { interval, middleOf, resampled } from "../../spectrogramtools/page/engine/bootstrap.js";
import { cases, close } from "./arrays.js";

for (const { values, draws, middle, whole, middles, interval: wanted } of cases("bootstrap")) {
  test(`${middle} of ${values.length}, ${middles.length} times`, () => {
    assert(Math.abs(middleOf(values, middle) - whole) < 1e-12);
    const found = resampled(values, draws, middle);
    close(found, middles, "resamples", 1e-12);
    close(Float64Array.from(interval(found)), wanted, "interval", 1e-12);
  });
}
