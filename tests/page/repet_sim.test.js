// REPET-SIM equals the module's. Which of two frames is more alike is decided by rounding where they are equally alike
// to a millionth; there the module's choice is as good as the engine's, and what follows from it is not compared.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as engine from "../../spectrogramtools/page/engine/repet_sim.js";
import { addUp, camelCase, cases, close } from "./arrays.js";

const ROUNDING = 3e-6;

for (const { name, A, similarity, found, whole, masks, channels, background, ...given } of cases("repet_sim")) {
  const { compared, exact, sr, how } = given;
  if (compared) test(`similarity: ${name}`, () => close(engine.similarityMatrix(compared), exact, "similarity", 4e-8));
  let sameFrames = true;
  if (A) {
    const mine = engine.similarityMatrix(engine.roots(A));
    test(`similarity: ${name}`, () => {
      assert.equal(mine.bins, A.frames);
      close(mine, similarity, "similarity", ROUNDING);
    });

    test(`similar frames: ${name}`, () => {
      for (const { how: settings, neighbours } of found) {
        const frames = engine.similarFrames(similarity, camelCase(settings));
        assert.deepEqual(frames.map(String), neighbours.map(String), JSON.stringify(settings));
      }
    });

    test(`masks: ${name}`, () => {
      for (const { neighbours, masks: wanted } of found) {
        for (const { how: settings, masks: pair } of wanted) {
          const pairFound = engine.masksOfSimilar(A, neighbours, camelCase(settings));
          pairFound.forEach((mask, i) => close(mask, pair[i], `mask ${i} ${JSON.stringify(settings)}`, 1e-6));
        }
      }
    });

    const settings = found[found.length - 1];
    const own = engine.similarFrames(mine, camelCase(settings.how));
    const differing = own.flatMap((list, i) => {
      const [a, b] = [new Set(list), new Set(settings.neighbours[i])];
      return [...a, ...b].filter((j) => !(a.has(j) && b.has(j))).map((j) => [i, j]);
    });
    sameFrames = !differing.length;
    test(`frames that are found: ${name}`, () => {
      assert(differing.length <= A.frames / 100, `${differing.length} differ`);
      const reach = Math.min(settings.how.distance_frames ?? 1, A.frames) - 1;
      for (const [i, j] of differing) {
        const row = similarity.data.subarray(i * A.frames, (i + 1) * A.frames);
        const rivals = [...row.keys()].filter((k) => k !== j && Math.abs(k - j) <= reach);
        const rival = Math.max(...rivals.map((k) => row[k]));
        assert(Math.abs(row[j] - rival) < ROUNDING, `frame ${i} and ${j}: ${row[j]}, and nearby ${rival}`);
      }
    });
    if (sameFrames) {
      test(`masks, all at once: ${name}`, () => {
        engine.repetSimMasks(A, camelCase(whole)).forEach((mask, i) => close(mask, masks[i], `mask ${i}`, 1e-6));
      });
    }
  }
  if (channels && sameFrames) {
    test(`sounds: ${name}`, () => {
      addUp(channels, ...engine.repetSim(channels, sr, camelCase(how)), background);
    });
  }
}
