// Runs an explorer of the page without a page: in the order of the settings, as if a hand moved the controls.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { EXPLORERS } from "../../spectrogramtools/page/explorers/all.js";
import { codeOf } from "../../spectrogramtools/page/views/code.js";
import { joined } from "../../spectrogramtools/page/views/sounds.js";
import { cases, close } from "./arrays.js";

const recipes = new URL("../../spectrogramtools/explorers/", import.meta.url);

export const explorerOf = (start) => new EXPLORERS[start.kind](start);

// A player's state after so many answers: what an answer leaves out is as it was.
export function playerOf({ signals: [first] }) {
  return { sound0: joined(first.channels) };
}

export async function nothing() {}

// Each case of the chapter: sounds, scores, curves and code are the module's.
export function sameAsTheModule(chapter) {
  for (const start of cases(chapter)) {
    const recipe = JSON.parse(readFileSync(new URL(`${start.kind}.json`, recipes), "utf8"));
    test(start.name, async (t) => {
      const explorer = explorerOf(start);
      const state = playerOf(start);
      for (const { values, ...wanted } of start.answers) {
        const moved = Object.entries(values).filter(([name, value]) => value !== start.at_first[name]);
        await t.test(JSON.stringify(Object.fromEntries(moved)), async () => {
          const { player, charts, facts } = await explorer.update(values, nothing);
          // The module rounds to 32 bit at each turn, which in a weak cell turns a phase: 1e-4 beside its own double precision.
          const part = values.phase === "Griffin-Lim" ? 2e-4 : 1e-5;
          same(Object.assign(state, player), charts ?? {}, wanted, part, { sr: start.sr, channels: start.signals[0].channels.length });
          const code = codeOf(recipe.code, { ...values, ...facts }, start.signals[0].channels.length);
          assert.equal(code, wanted.code);
        });
      }
    });
  }
}

function same(state, charts, { sounds, scores = [], curves = {} }, part, sounded) {
  assert.deepEqual(state.names, Object.keys(sounds));
  const all = Object.values(sounds);
  const peak = all.reduce((most, sound) => sound.reduce((a, v) => Math.max(a, Math.abs(v)), most), 0);
  all.forEach((sound, i) => {
    const found = state[`sound${i}`];
    assert.equal(found.length, sound.length);
    const worst = sound.reduce((most, v, k) => Math.max(most, Math.abs(v - found[k])), 0);
    assert(worst <= part * peak, `${state.names[i]}: wrong by ${worst} of ${peak}`);
    // A picture's columns reach over the sound.
    const [from, width] = state.columns[i];
    const columns = state[`picture${i}`].length / (state.edges.length - 1);
    const seconds = sound.length / (state.channels ?? sounded.channels) / sounded.sr;
    assert(Number.isInteger(columns) && Math.abs(from + width * columns - seconds) < 0.25 * seconds);
  });
  assert(state.peak >= Math.fround(peak) - 1e-5 && state.peak >= 1);
  // As printed, to 0.1 dB.
  scores.forEach((row, i) => row.forEach((score, k) => {
    const printed = Number(state.scores[i + 1][k + 1]);
    assert(Number.isNaN(score) || Math.abs(printed - score) < 0.06, `score ${printed}, not ${score}`);
  }));
  // A chart reads a curve's numbers as 32 bit.
  const drawn = Object.values(charts).flatMap((chart) => chart.panels ?? []).flatMap((panel) => panel.curves);
  for (const { x, y } of drawn) assert(x instanceof Float32Array && y instanceof Float32Array);
  for (const [name, wanted] of Object.entries(curves)) {
    const found = charts[name].panels[0].curves;
    assert.equal(found.length, wanted.length);
    wanted.forEach(([x, y], c) => {
      close(found[c].x, x, `${name}, along`);
      close(found[c].y, y, `${name}, up`);
    });
  }
}
