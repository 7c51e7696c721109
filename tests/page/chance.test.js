// How far chance gets is what it is in the module, and a verdict says no more than the numbers do.

import assert from "node:assert/strict";
import { test } from "node:test";
import { abxVerdict, byGuessing, kendall, needed, orderVerdict, percent } from "../../spectrogramtools/page/engine/chance.js";
import { cases } from "./arrays.js";

const [{ rounds }, { orders }] = cases("chance");

test("guessing", () => {
  rounds.forEach((wanted, i) => wanted.forEach((p, right) => {
    assert(Math.abs(byGuessing(right, i + 1) - p) <= 1e-12 * p, `${right} of ${i + 1}`);
  }));
});

test("Kendall's tau", () => {
  for (const { scores, tau } of orders) {
    const found = kendall(scores).tau;
    assert(found === tau || Math.abs(found - tau) < 1e-12, `${scores}: ${found} instead of ${tau}`);
  }
});

test("from how many right rounds on luck is unlikely", () => {
  for (const n of [5, 10, 16]) {
    assert(rounds[n - 1][needed(n)] < 0.05);
    assert(rounds[n - 1][needed(n) - 1] >= 0.05);
  }
});

test("a share as percent", () => {
  const texts = [[0.227, "23 %"], [0.0384, "3.8 %"], [0.0021, "0.2 %"], [1.5e-5, "0.002 %"], [1e-6, "less than 0.001 %"], [1, "100 %"]];
  for (const [share, text] of texts) assert.equal(percent(share), text);
});

test("what an ABX test shows", () => {
  assert.equal(abxVerdict(14, 16, 16), "14 of 16: someone who guesses gets so many in 0.2 % of such tests. You hear the difference.");
  assert.match(abxVerdict(11, 16, 16), /^11 of 16: .* 11 % .* can be luck: .* nor that there is none\.$/);
  assert.match(abxVerdict(4, 5, 5), /19 % .*With 5 rounds .* take more\.$/);
  assert.equal(abxVerdict(3, 3, 16), "Stopped after 3 of 16 rounds, 3 right: a test that one ends when it suits says nothing.");
});

test("how well an order agrees", () => {
  assert.match(orderVerdict([4, 3, 2, 1]), /^Of 6 pairs you and the scores have 6 the same way round: Kendall's tau is 1\.00 /);
  assert.match(orderVerdict([1, 2, 3]), /tau is −1\.00 .*one random order in six agrees in full\.$/);
  assert.match(orderVerdict([3, 3, 1, 2]), /^Of 6 pairs \(1 has equal scores\) /);
  assert.equal(orderVerdict([2, 2, 2]), "All scores are equal: there is no order to agree with.");
});
