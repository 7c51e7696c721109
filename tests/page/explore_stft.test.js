// The explorer of the STFT in the page gives what the module gives, and tells the error there and back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cases } from "./arrays.js";
import { explorerOf, nothing, sameAsTheModule } from "./explored.js";

sameAsTheModule("explore_stft");

const [start] = cases("explore_stft");
const caption = async (values) => (await explorerOf(start).update({ ...start.at_first, ...values }, nothing)).player.caption;

test("the error is rounding where the windows cover all", async () => {
  const told = await caption({});
  assert.match(told, /Window: 92\.9 ms; bins 10\.8 Hz apart\. Hop: 512 samples = 23\.2 ms\./);
  assert(Number(told.match(/There and back: −(\d+) dB\.$/)[1]) > 280);
});

test("it says how many samples the windows cover", async () => {
  const told = await caption({ length: 2048, hop: 1, shape: "Hann" });
  const [, covered, all] = told.match(/windows cover (\d+) of (\d+) samples\.$/).map(Number);
  assert.equal(all, 2 * start.sr);
  assert(covered > 0.7 * all && covered < all);
});
