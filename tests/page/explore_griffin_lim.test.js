// The explorer of Griffin-Lim gives what the module gives, shows the way there, keeps what it has found, and goes on while
// nobody asks.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Overtaken } from "../../spectrogramtools/page/explorers/overtaken.js";
import { cases } from "./arrays.js";
import { explorerOf, nothing, sameAsTheModule } from "./explored.js";

sameAsTheModule("explore_griffin_lim");

const all = cases("explore_griffin_lim");
const [start] = all;

// Counts turns, and gives up after so many.
function patience(most = Infinity) {
  const counted = async () => {
    if (++counted.turns > most) throw new Overtaken();
  };
  counted.turns = 0;
  return counted;
}

test("the caption tells how far the magnitudes are from those that are wanted", async () => {
  for (const start of all.filter(({ name }) => name !== "silence")) {
    const explorer = explorerOf(start);
    for (const { values, convergence } of start.answers.slice(0, 6)) {
      const { player } = await explorer.update(values, nothing);
      const [, turns, told] = player.caption.match(/^(\d+) turns?: spectral convergence −(\d+\.\d) dB$/);
      assert.equal(Number(turns), values.turns);
      assert(Math.abs(-Number(told) - convergence) < 0.06, `−${told} dB, not ${convergence}`);
    }
  }
  const silence = all.find(({ name }) => name === "silence");
  assert.match((await explorerOf(silence).update(silence.at_first, nothing)).player.caption, /of silence$/);
});

test("three cells go the way that a loop of both transforms goes", async () => {
  for (const start of all.filter(({ name }) => name !== "silence")) {
    const explorer = explorerOf(start);
    for (const { values, cells: wanted } of start.answers) {
      const { charts: { cells: { cells, description } } } = await explorer.update(values, nothing);
      assert.equal(cells.length, 3);
      const found = cells.flatMap(({ original, start, turns }) => [original, ...(turns.at(-1) ?? [start])].flat());
      assert.equal(found.length, wanted.length);
      const worst = found.reduce((most, v, k) => Math.max(most, Math.abs(v - wanted[k])), 0);
      assert(worst < 1e-3, `${start.name} ${JSON.stringify(values)}: wrong by ${worst} of a radius`);
      for (const { start, turns } of cells) {
        assert.equal(turns.length, values.turns);
        for (const stations of turns) {
          assert.equal(stations.length, values.momentum ? 4 : 3);
          for (const point of [start, stations[0], stations.at(-1)]) assert(Math.abs(Math.hypot(...point) - 1) < 1e-9);
        }
        // Each turn begins where the one before ended.
        turns.slice(1).forEach(([from], k) => assert.deepEqual(from, turns[k].at(-1)));
      }
      assert.match(description, new RegExp(`after ${values.turns} turns?\\. what lasts, .* now at .* the original at`));
    }
  }
});

test("without momentum no step is longer than the one before", async () => {
  const explorer = explorerOf(start);
  for (const from of ["zero", "random"]) {
    const { charts } = await explorer.update({ start: from, momentum: 0, turns: 100 }, nothing);
    const [there, back] = charts.distance.panels[0].curves.map(({ y }) => [...y]);
    const all = there.flatMap((level, k) => [level, back[k]]);
    assert.equal(all.length, 200);
    all.slice(1).forEach((level, k) => assert(level <= all[k], `step ${k + 1}: ${level} dB after ${all[k]} dB`));
  }
});

test("silence has no cells", async () => {
  const silence = all.find(({ name }) => name === "silence");
  const { charts } = await explorerOf(silence).update({ ...silence.at_first, turns: 2 }, nothing);
  assert.deepEqual(charts.cells.cells, []);
});

test("it goes on from where it is, and back at once", async () => {
  const explorer = explorerOf(start);
  const turnsFor = async (turns) => {
    const counted = patience();
    await explorer.update({ ...start.at_first, turns }, counted);
    return counted.turns;
  };
  assert.equal(await turnsFor(5), 5);
  assert.equal(await turnsFor(20), 15);
  assert.equal(await turnsFor(1), 0);
  assert.equal(await turnsFor(20), 0);
});

test("whoever has moved on need not wait, and nothing that was found is lost", async () => {
  const explorer = explorerOf(start);
  const values = { ...start.at_first, turns: 50 };
  await assert.rejects(explorer.update(values, patience(7)), Overtaken);
  const rest = patience();
  await explorer.update(values, rest);
  assert.equal(rest.turns, 42);
});

test("at rest it finds all the others, those at hand first", async () => {
  const explorer = explorerOf(start);
  const values = { ...start.at_first, start: "random", momentum: 0.99 };
  await assert.rejects(explorer.rest(values, patience(100)), Overtaken);
  const counted = patience();
  await explorer.update({ ...values, turns: 100 }, counted);
  assert.equal(counted.turns, 0);
  await explorer.rest(values, nothing);
  for (const { values } of start.answers) await explorer.update(values, patience(0));
});
