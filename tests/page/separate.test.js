// From masks to sounds: equal to the module's, and the sound itself is shared where the masks share every cell.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Mixture, separate, sumToOne } from "../../spectrogramtools/page/engine/separate.js";
import { cases, close, equal } from "./arrays.js";

const SHARED = (name) => !/almost|much|more/.test(name);

for (const { name, y, sr, win_length, hop_length, masks, sounds } of cases("separate")) {
  test(name, () => {
    const found = separate(y, sr, () => masks, { winLength: win_length, hopLength: hop_length });
    assert.equal(found.length, sounds.length);
    found.forEach((sound, i) => close({ data: sound }, { data: sounds[i] }, `sound ${i}`, 3e-6));
    assert.equal(sumToOne(masks), SHARED(name));
    if (!SHARED(name)) return;
    const error = y.reduce((worst, v, i) => Math.max(worst, Math.abs(v - found.reduce((sum, s) => sum + s[i], 0))), 0);
    assert(error < 3e-7, `the sounds sum to the mixture, but for ${error}`);
  });
}

test("a mixture has its spectrogram, magnitudes and what is left", () => {
  const y = Float32Array.from({ length: 500 }, (_, i) => Math.sin(i * i));
  const mixture = new Mixture(y, 64, 16);
  close(mixture.sound(mixture.S), y, "there and back", 1e-6);
  assert.equal(mixture.A.frames, mixture.S.frames);
  equal(mixture.without([y, y]), y.map((v) => -v));
});
