// What is said of pictures that are known.
import assert from "node:assert/strict";
import { test } from "node:test";

import { maskDescribed, spectrogramDescribed } from "../../spectrogramtools/page/views/described.js";

const edges = Float32Array.from({ length: 11 }, (_, k) => 100 * k); // ten rows up to 1000 Hz

/** @param {[number, number, number][]} cells column, row and level, in a silent picture of eight columns */
function levels(...cells) {
  const all = new Uint8Array(80);
  for (const [column, row, level] of cells) all[10 * column + row] = level;
  return all;
}

test("a tone and a moment", () => {
  const tone = levels(...Array.from({ length: 8 }, (_, c) => /** @type {[number, number, number]} */ ([c, 4, 200])), [5, 4, 255]);
  assert.equal(spectrogramDescribed(tone, edges, 0, 0.5), "most of its energy between 400 and 500 hertz, loudest at 2.8 seconds");
});

test("what is 40 dB softer is not most of the energy; what is as loud is", () => {
  const soft = levels([0, 2, 255], [1, 8, 255 / 2]);
  assert.match(spectrogramDescribed(soft, edges, 0, 1), /between 200 and 300 hertz/);
  const loud = levels([0, 2, 255], [1, 8, 255]);
  assert.match(spectrogramDescribed(loud, edges, 0, 1), /between 200 and 900 hertz/);
});

test("silence", () => assert.equal(spectrogramDescribed(levels(), edges, 0, 1), "silent"));

test("a mask", () => assert.equal(maskDescribed(Uint8Array.of(0, 255, 255, 0, 51)), "44 percent pass on average"));
