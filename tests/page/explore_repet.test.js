// The explorer of REPET in the page gives what the module gives; its buttons move the period and score those nearby.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Overtaken } from "../../spectrogramtools/page/explorers/overtaken.js";
import { cases } from "./arrays.js";
import { explorerOf, nothing, sameAsTheModule } from "./explored.js";

sameAsTheModule("explore_repet");

const all = cases("explore_repet");
const [start] = all;
const { period } = start.at_first;
const frame = start.settings.hop_length / start.sr;

test("buttons move the period, not beyond its bounds", async () => {
  const explorer = explorerOf(start);
  const press = async (name, from = period) => (await explorer.act(name, { ...start.at_first, period: from }, nothing)).values.period;
  assert.equal(await press("half"), period / 2);
  assert.equal(await press("shorter"), period - frame);
  assert.equal(await press("longer"), period + frame);
  assert.equal(await press("found", 1), start.settings.found);
  assert.equal(await press("double", 3), explorer.longest);
  assert.equal(await press("half", 0.1), explorer.shortest);
});

test("the periods nearby are scored, a frame apart", async () => {
  const explorer = explorerOf(start);
  const { player } = await explorer.update(start.at_first, nothing);
  const told = [];
  const { charts } = await explorer.act("neighbourhood", start.at_first, nothing, (share) => told.push(share));
  const [background] = charts.near.panels[0].curves;
  assert.equal(background.x.length, 33);
  background.x.forEach((x, k) => assert(Math.abs(x - period - (k - 16) * frame) < 1e-6));
  assert.equal(background.y[16].toFixed(1), player.scores[1][1]);
  assert.equal(background.y.indexOf(Math.max(...background.y)), 16);
  assert.equal(told.at(-1), 1);
});

test("scoring can be overtaken, and other settings begin anew", async () => {
  const explorer = explorerOf(start);
  let scored = 0;
  const overtaken = async () => {
    if (++scored === 4) throw new Overtaken();
  };
  await assert.rejects(explorer.act("neighbourhood", start.at_first, overtaken, () => {}), Overtaken);
  assert.equal(explorer.seen.size, 4);
  const { charts } = await explorer.update({ ...start.at_first, mask: "binary" }, nothing);
  assert.equal(charts.near.panels[0].curves[0].x.length, 1);
});

test("it says so where nothing repeats", async () => {
  const voice = all.find(({ name }) => name === "a voice alone");
  assert.match((await explorerOf(voice).update(voice.at_first, nothing)).player.caption, /Nothing repeats clearly with it/);
  assert.doesNotMatch((await explorerOf(start).update(start.at_first, nothing)).player.caption, /Nothing/);
});

test("the repeating segment lasts a period", async () => {
  const { charts } = await explorerOf(start).update(start.at_first, nothing);
  assert(Math.abs(charts.segment.x_range[1] - period) < frame / 2);
  assert(charts.segment.panels[0].levels.length > 1000);
});
