// The description that a figure's file holds.
import assert from "node:assert/strict";
import { test } from "node:test";

import { descriptionOf } from "../../spectrogramtools/page/views/figures.js";
import { cases } from "./arrays.js";

for (const { png, said } of cases("figures")) {
  test(`it says: ${said}`, () => assert.equal(descriptionOf(Uint8Array.from(png)), said));
}
