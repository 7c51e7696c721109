// The explorer of window sums gives what the module gives, calls COLA and NOLA what scipy does, and tells the error.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cases } from "./arrays.js";
import { explorerOf, nothing, sameAsTheModule } from "./explored.js";

sameAsTheModule("explore_window_sum");

const [start] = cases("explore_window_sum");
const explorer = explorerOf(start);
const answer = (values) => explorer.update({ ...start.at_first, ...values }, nothing);

test("a sum is COLA, and NOLA, where scipy says so", async () => {
  const seen = new Set();
  for (const { values, cola, nola } of start.answers) {
    const { player, charts } = await explorer.update(values, nothing);
    assert.equal(/: COLA|is constant/.test(player.caption), cola, JSON.stringify(values));
    assert.equal(/[^r] NOLA/.test(player.caption) && !/neither/.test(player.caption), nola, JSON.stringify(values));
    assert.equal(/neither COLA nor NOLA/.test(charts.sum.description), !nola);
    seen.add(`${cola} ${nola}`);
  }
  assert.deepEqual([...seen].sort(), ["false false", "false true", "true true"]);
});

test("how much the sum varies is told of amplitudes", async () => {
  let uneven = 0;
  for (const { values, cola, nola, swing } of start.answers) {
    if (cola || !nola) continue;
    const { player, charts } = await explorer.update(values, nothing);
    for (const told of [player.caption, charts.sum.description]) {
      const dB = Number(told.match(/varies by ([\d.e-]+) dB/)[1]);
      assert.ok(Math.abs(dB - swing) <= 0.0501, `${JSON.stringify(values)}: ${dB} for ${swing}`);
    }
    uneven++;
  }
  assert.ok(uneven > 10);
});

test("it tells the hop, how much the sum varies, and the error", async () => {
  const told = async (values) => (await answer(values)).player.caption;
  assert.equal(await told({}), "Hop: 480 of 1920 samples. The sum is constant: COLA, and NOLA with it. There and back: exact.");
  assert.match(await told({ hop: 800 }), /The sum varies by 0\.9 dB and is nowhere zero: NOLA, but not COLA\. There and back: an error of −\d\d\.\d dB\.$/);
  assert.match(await told({ hop: 800, divided: "sum" }), /not COLA\. There and back: exact\.$/);
  assert.match(await told({ hop: 1920 }), /falls to zero: neither COLA nor NOLA\. There and back: an error of −3\.\d dB\.$/);
  assert.match(await told({ hop: 800, columns: "masked" }), /not COLA\.$/);
});
