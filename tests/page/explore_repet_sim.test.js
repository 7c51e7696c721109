// The explorer of REPET-SIM gives what the module gives, and says how many frames are in a median.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cases } from "./arrays.js";
import { explorerOf, nothing, sameAsTheModule } from "./explored.js";

sameAsTheModule("explore_repet_sim");

const [start] = cases("explore_repet_sim");

test("matrix and peaks are kept while the number moves, and the median while only the mask does", async () => {
  const explorer = explorerOf(start);
  const { similarity } = explorer;
  const models = async (values) => {
    await explorer.update({ ...start.at_first, ...values }, nothing);
    return explorer.models(values.count ?? start.at_first.count, 43, 0);
  };
  const alike = explorer.alike(43, 0);
  const first = await models({});
  assert.equal(await models({ mask: "soft", highpass: 0, shown: "mask" }), first);
  assert.notEqual(await models({ count: 3 }), first);
  assert.equal(explorer.alike(43, 0), alike);
  assert.equal(explorer.similarity, similarity);
});

test("it says how many frames are in a median", async () => {
  const caption = async (values) => (await explorerOf(start).update({ ...start.at_first, ...values }, nothing)).player.caption;
  assert.equal(await caption({ count: 1 }), "In the median of a frame are 1 frames, at least 1 and at most 1.");
  assert.match(await caption({ count: 3 }), /are 3 frames, at least \d and at most 3\.$/);
  assert.match(await caption({ threshold: 0.9 }), /at least 1 and at most \d+\.$/);
});
