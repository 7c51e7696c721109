// The explorer of moments that are alike gives what the module gives; the music and its picture are handed over once.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cases } from "./arrays.js";
import { explorerOf, nothing, sameAsTheModule } from "./explored.js";

sameAsTheModule("explore_moments");

test("the music is handed over when it is wanted, and not again", async () => {
  const [start] = cases("explore_moments");
  const explorer = explorerOf(start);
  const heard = async (heard, moment) => (await explorer.update({ ...start.at_first, heard, moment }, nothing)).player;
  const n = start.signals[0].channels[0].length;
  const first = await heard("music", 1);
  assert.equal(first.sound0.length, n);
  assert.equal(first.n_samples, n);
  const second = await heard("music", 2);
  assert.equal(second.sound0, undefined);
  assert.equal(second.picture0, undefined);
  assert.deepEqual(second.columns, first.columns);
  assert.equal((await heard("pieces", 2)).n_samples, (await heard("pieces", 2)).sound1.length);
  assert.equal((await heard("music", 2)).sound0.length, n);
});
