// What is drawn at random is what numpy draws, to the last bit.

import { test } from "node:test";
import { uniform } from "../../spectrogramtools/page/engine/random.js";
import { cases, equal } from "./arrays.js";

for (const { seed, low, high, drawn } of cases("random")) {
  test(`seed ${seed}, from ${low} to ${high}`, () => equal(uniform(seed, low, high, drawn.length), drawn));
}
