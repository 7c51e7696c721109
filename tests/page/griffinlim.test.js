// Griffin-Lim equals the module's, all at once and turn by turn.

import assert from "node:assert/strict";
import { test } from "node:test";
import { griffinLimInverse, griffinLimTurns } from "../../spectrogramtools/page/engine/griffinlim.js";
import { cases, close } from "./arrays.js";

const all = cases("griffinlim");

for (const { name, A, win_length, hop_length, how, y } of all) {
  const { phase, ...said } = how;
  test(`${name} ${JSON.stringify(said)}${phase ? " phase" : ""}`, () => {
    const before = A.data.slice();
    close(griffinLimInverse(A, win_length, hop_length, how), y, "", A.data instanceof Float64Array ? 1e-12 : 1e-5);
    assert.deepEqual(A.data, before);
  });
}

test("turn by turn it has the sound that so many turns give, and can be given up", () => {
  const { A, win_length, hop_length, how, y } = all.find(({ how }) => how.NIters === 5);
  const turns = griffinLimTurns(A, win_length, hop_length, how);
  for (let NIters = 1; NIters <= 5; NIters++) {
    const { done, value } = turns.next();
    assert(!done);
    assert.equal(value.turn, NIters);
    assert.deepEqual(value.sound(), griffinLimInverse(A, win_length, hop_length, { ...how, NIters }));
  }
  const { done, value } = turns.next();
  assert(done);
  close(value, y);
  const overtaken = griffinLimTurns(A, win_length, hop_length, how);
  overtaken.next();
  overtaken.return(new Float32Array());
  assert(overtaken.next().done);
});

test("ten turns where nothing is said", () => {
  const { A, win_length, hop_length, y } = all.find(({ name, how }) => name === "noise" && how.NIters === 10);
  close(griffinLimInverse(A, win_length, hop_length), y);
});
