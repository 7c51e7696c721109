// The explorer of HPSS in the page gives what the module gives, and lets itself be overtaken.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Overtaken } from "../../spectrogramtools/page/explorers/overtaken.js";
import { cases } from "./arrays.js";
import { explorerOf, nothing, sameAsTheModule } from "./explored.js";

sameAsTheModule("explore_hpss");

const [start] = cases("explore_hpss");

test("whoever has moved on need not wait for Griffin and Lim", async () => {
  const explorer = explorerOf(start);
  const values = { ...start.at_first, phase: "Griffin-Lim" };
  let turns = 0;
  const overtaken = async () => {
    if (++turns === 3) throw new Overtaken();
  };
  await assert.rejects(explorer.update(values, overtaken), Overtaken);
  assert.equal(turns, 3);
  const { player } = await explorer.update(start.at_first, nothing);
  assert.deepEqual(player.names, ["mixture", "harmonic", "percussive"]);
});

test("the scores stand beside the baselines", async () => {
  const { player } = await explorerOf(start).update(start.at_first, nothing);
  const { methods, rows } = start.settings.baselines;
  assert.deepEqual(player.scores[0], ["SI-SDR in dB", "now", ...methods]);
  assert.deepEqual(player.scores.slice(1).map(([name, , ...beside]) => [name, ...beside]),
    start.settings.references.map((name, k) => [name, ...rows[k]]));
});

test("a mask is drawn as a share", async () => {
  const explorer = explorerOf(start);
  const { player } = await explorer.update({ ...start.at_first, shown: "mask" }, nothing);
  assert.deepEqual(player.shares, [false, true, true]);
  const [harmonic, percussive] = [player.picture1, player.picture2];
  assert.equal(harmonic.length, percussive.length);
  const after = await explorer.update(start.at_first, nothing);
  assert.deepEqual(after.player.shares, [false, false, false]);
});
