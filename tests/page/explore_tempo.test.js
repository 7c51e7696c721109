// The explorer of a tempo that moves gives what the module gives, and can be overtaken between its steps.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Overtaken } from "../../spectrogramtools/page/explorers/overtaken.js";
import { cases } from "./arrays.js";
import { explorerOf, nothing, sameAsTheModule } from "./explored.js";

sameAsTheModule("explore_tempo");

test("whoever has moved on need not wait for the rest", async () => {
  const [start] = cases("explore_tempo");
  const explorer = explorerOf(start);
  await assert.rejects(explorer.update(start.at_first, async () => {
    throw new Overtaken();
  }), Overtaken);
  const { player } = await explorer.update(start.at_first, nothing);
  assert.deepEqual(player.scores.map(([name]) => name), ["SI-SDR in dB", "repet", "repet_adaptive"]);
});
