// The explorer of songs tells what numpy and scipy find, in numbers, in words and in pictures.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { codeOf } from "../../spectrogramtools/page/views/code.js";
import { cases, close } from "./arrays.js";
import { explorerOf, nothing } from "./explored.js";

const recipe = JSON.parse(readFileSync(new URL("../../spectrogramtools/explorers/songs.json", import.meta.url), "utf8"));
const NAMES = {
  difference: "difference", low: "low", high: "high", p: "p", all: "of all songs", ahead: "draws with A ahead",
  forA: "draws that decide for A", forB: "draws that decide for B",
};
const all = cases("explore_songs");
const [start] = all;
const told = async (values) => (await explorerOf(start).update({ ...start.at_first, ...values }, nothing)).player.caption;

for (const of of all) {
  test(of.name, async (t) => {
    const explorer = explorerOf(of);
    for (const { values, found, upto, widths, code } of of.answers) {
      await t.test(JSON.stringify(values), async () => {
        const mine = explorer.found(values);
        for (const [name, theirs] of Object.entries(NAMES)) {
          assert(Math.abs(mine[name] - found[theirs]) < 1e-9, `${theirs}: ${mine[name]} instead of ${found[theirs]}`);
        }
        const { charts, facts, player } = await explorer.update(values, nothing);
        assert.equal(codeOf(recipe.code, { ...values, ...facts }, 1), code);
        const [paired, unpaired, root] = charts.width.panels[0].curves;
        [paired, unpaired].forEach(({ x, y }, k) => {
          close(x, Float32Array.from(upto), "songs", 0);
          close(y, Float32Array.from(widths[k]), "widths", 1e-6);
        });
        // The law goes through the last point of what is compared.
        const last = widths[values.compared === "paired" ? 0 : 1].at(-1);
        root.x.forEach((n, k) => assert(Math.abs(root.y[k] - last * Math.sqrt(values.songs / n)) <= 1e-5 * last));
        assert.equal(player.caption.includes("one method"), values.first === values.second);
        for (const { description, panels } of Object.values(charts)) {
          assert(/\d/.test(description) && !/NaN|undefined|-/.test(description), description);
          for (const { x, y } of panels.flatMap(({ curves }) => curves)) {
            assert(x instanceof Float32Array && y instanceof Float32Array && x.length === y.length);
            assert([...x, ...y].every(Number.isFinite));
          }
        }
      });
    }
  });
}

test("every song and every draw has its dot", async () => {
  const { charts } = await explorerOf(start).update({ ...start.at_first, songs: 17 }, nothing);
  const [interval, corpus, songs] = charts.scores.panels[0].curves;
  assert.equal(songs.x.length, 17);
  assert(interval.x[0] < interval.x[1] && interval.x[1] < interval.x[2]);
  assert.equal(corpus.name, "all 40");
  const [low, high] = charts.scores.x_range;
  const covered = [...songs.x].filter((x, k) => songs.x.some((other, i) => i < k && songs.y[i] === songs.y[k] && Math.abs(x - other) < (high - low) / 500));
  assert.deepEqual(covered, []);
  assert(songs.y.some((y) => y > 1));
  const [, , unlikely, not] = charts.draws.panels[0].curves;
  assert.equal(unlikely.x.length + not.x.length, 100);
  const { forA, forB } = explorerOf(start).found({ ...start.at_first, songs: 17 });
  assert.equal(unlikely.x.length, forA + forB);
});

test("a draw has the same songs again, the next one others", async () => {
  const explorer = explorerOf(start);
  assert.deepEqual(explorer.found(start.at_first), explorer.found({ ...start.at_first }));
  const next = await explorer.act("again", start.at_first);
  assert.deepEqual(next, { values: { draw: 2 } });
  assert.notEqual(explorer.found({ ...start.at_first, ...next.values }).difference, explorer.found(start.at_first).difference);
  assert.deepEqual(await explorer.act("again", { ...start.at_first, draw: 100 }), { values: { draw: 1 } });
});

test("unpaired, B has other songs as long as there are enough", () => {
  const explorer = explorerOf({ ...start, settings: { scores: { a: start.settings.scores.a, b: start.settings.scores.a } } });
  const shared = (songs) => {
    const { a, b } = explorer.study({ ...start.at_first, compared: "unpaired", songs });
    return [...a].filter((score) => b.includes(score)).length;
  };
  assert.deepEqual([2, 20, 25, 40].map(shared), [0, 0, 10, 40]);
});

test("what it says goes no further than the numbers", async () => {
  assert.match(await told({ songs: 40 }), /^40 of 40 songs, draw 1: the median of a − b is .* dB, 95 % interval .* dB; Wilcoxon p\s.*\. The interval leaves zero out: a is ahead\.\nThese are all songs/);
  assert.match(await told({ songs: 40, first: "b", second: "a" }), /is −.* interval −.* to −.*: a is ahead\./);
  assert.match(await told({ compared: "unpaired" }), /^a on 10 of 40 songs, b on 10 others, draw 1: the difference of the medians is .*Mann-Whitney p\s=\s.*The interval holds zero: these songs do not decide it\.\nIn 100 such draws a comes out ahead \d+ times; p is below 0\.05 for a \d+ times, for b \d+ times\. Of all 40 songs: \d\.\d+ dB\.$/);
  assert.match(await told({ compared: "unpaired", songs: 30 }), /b on 30, of which 20 are the same, /);
  assert.match(await told({ songs: 21 }), / dB\. More than half of the songs are in each draw, so draws agree more/);
  assert.doesNotMatch(await told({ songs: 20 }), /More than half/);
  assert.match(await told({ songs: 5 }), / Of 5 songs no p is below 0\.05\.\n/);
  assert.doesNotMatch(await told({ songs: 6 }), /songs no p is/);
  assert.match(await told({ songs: 3, compared: "unpaired" }), / Of 3 songs no p is below 0\.05\.\n/);
  assert.doesNotMatch(await told({ songs: 4, compared: "unpaired" }), /songs no p is/);
  // Of three songs that all say the same, the interval is sure and the test is not.
  const says = await Promise.all(Array.from({ length: 20 }, (_, k) => told({ songs: 3, draw: k + 1 })));
  assert(says.some((text) => /leaves zero out, but the test doesn't: these songs hardly decide it\./.test(text)));
  // The other way round: the ranks see what medians don't.
  const twelve = (score) => Array.from({ length: 12 }, (_, k) => score(k));
  const scores = { a: twelve((k) => (k < 5 ? 0.1 * k : 9 + 0.1 * k)), b: twelve((k) => (k < 5 ? 0.1 * k - 9 : 0.1 * k - 0.05)) };
  const explorer = explorerOf({ ...start, settings: { scores } });
  const { player } = await explorer.update({ ...start.at_first, compared: "unpaired", songs: 12 }, nothing);
  assert.match(player.caption, /The interval holds zero, though p is below 0\.05: these songs hardly decide it\./);
});
