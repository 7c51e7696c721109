// The explorer of the inner product gives what the module gives; what is drawn adds up; the note is handed over once.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cases } from "./arrays.js";
import { explorerOf, nothing, sameAsTheModule } from "./explored.js";

sameAsTheModule("explore_inner_product");

const [start] = cases("explore_inner_product");
const answer = (explorer, some) => explorer.update({ ...start.at_first, ...some }, nothing);

test("the products that are drawn add up to the arrow", async () => {
  const { charts } = await answer(explorerOf(start), { frequency: 440 });
  const [, cosine, sine] = charts.products.panels.map(({ curves }) => curves[0].y.reduce((sum, v) => sum + v, 0));
  const [{ x, y }] = charts.arrow.panels[0].curves;
  assert(Math.abs(cosine - x[1]) < 1e-3 && Math.abs(sine - y[1]) < 1e-3);
  assert.match(charts.arrow.description, /72\.1 long/);
});

test("a frame that begins a period later has turned the arrow once; half a period, by half", async () => {
  const explorer = explorerOf(start);
  const angle = async (later) => {
    const { x, y } = (await answer(explorer, { frequency: 436.4, later })).charts.arrow.panels[0].curves[0];
    return Math.atan2(y[1], x[1]);
  };
  const first = await angle(0);
  assert(Math.abs(await angle(51) - first) < 0.15);
  assert(Math.cos(await angle(25) - first) < -0.99);
  assert(Math.sin(await angle(13) - first) > 0.98);
});

test("only where the slider has been is the spectrum drawn", async () => {
  const explorer = explorerOf(start);
  const places = async (frequency) => (await answer(explorer, { frequency })).charts.spectrum.panels[0].curves[0].x;
  assert.deepEqual([...(await places(400))], [400, 400]);
  const [low, high] = [await places(300), await places(450)].map((x) => [x[0], x.at(-1)]);
  assert.deepEqual([low, high], [[300, 400], [300, 450]]);
});

test("the note and its picture are handed over once", async () => {
  const explorer = explorerOf(start);
  const first = (await answer(explorer, {})).player;
  const second = (await answer(explorer, { frequency: 500 })).player;
  assert.equal(first.sound0.length, first.n_samples);
  assert.equal(second.sound0, undefined);
  assert.equal(second.picture0, undefined);
  assert.deepEqual(second.columns[0], first.columns[0]);
  assert.equal(second.sound1.length, first.n_samples);
});
