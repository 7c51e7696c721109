// The explorer of music beside itself gives what the module gives; the matrix has the diagonals whose means the curve has.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cases, close } from "./arrays.js";
import { explorerOf, nothing, sameAsTheModule } from "./explored.js";

sameAsTheModule("explore_similarity");

const all = cases("explore_similarity");
const [start] = all;
const frame = start.settings.hop_length / start.sr;

test("the picture is the matrix, and its diagonal lies where the lag says", async () => {
  for (const { answers, ...given } of all) {
    const explorer = explorerOf(given);
    for (const { values, matrix } of answers) {
      const { charts, facts } = await explorer.update(values, nothing);
      const [{ levels, edges, curves, column_seconds }] = charts.matrix.panels;
      const cells = edges.length - 1;
      assert.equal(levels.length, cells * cells);
      assert(Math.abs(column_seconds - edges[1]) < 1e-6);
      matrix.data.forEach((level, i) => assert(Math.abs(level - levels[i]) < 0.51 + 1e-3, `cell ${i}`));
      const [{ point, curves: [curve] }] = charts.beats.panels;
      assert.deepEqual([point.x, Math.fround(point.y)], [curve.x[facts.lag_frames], curve.y[facts.lag_frames]]);
      const [whole, lag] = [charts.matrix.x_range[1], (facts.lag_frames * given.settings.hop_length) / given.sr];
      close(curves[0].x, Float32Array.of(0, whole - lag), "along");
      close(curves[0].y, Float32Array.of(lag, whole), "up");
    }
  }
});

test("the page hears two channels, shorter by the lag", async () => {
  const explorer = explorerOf(start);
  const n = start.signals[0].channels[0].length;
  const { player } = await explorer.update({ ...start.at_first, lag: 10 * frame }, nothing);
  assert.equal(player.channels, 2);
  assert.equal(player.n_samples, n - 10 * start.settings.hop_length);
  assert.equal(player.sound0.length, 2 * player.n_samples);
  assert.match(player.caption, /\(10 frames\) later/);
});

test("buttons go to half and double the lag, and to the highest place from 0.8 s to a third", async () => {
  let explorer = explorerOf(start);
  const press = async (name, lag, votes) => (await explorer.act(name, { lag, votes: votes ?? "power" })).values.lag / frame;
  const near = async (found, frames) => assert(Math.abs((await found) - frames) < 1e-9, `${await found}`);
  await near(press("half", 100 * frame), 50);
  await near(press("double", 50 * frame), 100);
  await near(press("double", 150 * frame), explorer.lags);
  for (const { answers, ...given } of all) {
    explorer = explorerOf(given);
    const frames = 1 + Math.floor(given.signals[0].channels[0].length / given.settings.hop_length);
    for (const { values, curves: { beats: [[, b]] } } of answers) {
      const last = Math.min(Math.floor(8 / frame), Math.floor(frames / 3));
      const from = Math.min(Math.ceil(0.8 / frame), last);
      const searched = b.slice(from, last + 1);
      await near(press("highest", 1, values.votes), from + searched.indexOf(Math.max(...searched)));
    }
  }
});
