// The STFT and its inverse equal the module's.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as transforms from "../../spectrogramtools/page/engine/transforms.js";
import { cases, close, equal } from "./arrays.js";

for (const { name, y, win_length, hop_length, window, S, A, M, back, sr, ...wanted } of cases("transforms")) {
  const { [window]: winfunc, istft, lengths, magnitudes, sampled, stft, synthesisGain } = transforms;

  test(`there: ${name}`, () => {
    const mine = stft(y, win_length, hop_length, winfunc);
    close(mine, S, "S", y instanceof Float64Array ? 1e-13 : 1e-6);
    assert.equal(mine.re.constructor, y.constructor);
    close(magnitudes(mine), A, "A", 1e-6);
  });

  test(`and back: ${name}`, () => {
    const part = y instanceof Float64Array ? 1e-13 : 1e-6;
    const masked = { ...S, re: S.re.map((v, i) => v * M.data[i]), im: S.im.map((v, i) => v * M.data[i]) };
    close(istft(masked, win_length, hop_length, y.length, winfunc), back, "as long as y", part);
    close(istft(S, win_length, hop_length, y.length, winfunc, M), back, "masked on the way", part);
    close(istft(masked, win_length, hop_length, undefined, winfunc), wanted.spanned, "what the frames span", part);
    close(istft(masked, win_length, hop_length, y.length + 99, winfunc), wanted.longer, "longer", part);
    const found = synthesisGain(sampled(winfunc, win_length, y), hop_length, S.frames);
    close(found, wanted.gain, "gain", part);
    equal(found.map(Math.sign), wanted.gain.map(Math.sign), "covered");
  });

  if (sr) {
    test(`lengths: ${name}`, () => {
      assert.deepEqual(lengths(sr), { winLength: win_length, hopLength: hop_length });
    });
  }
}

test("lengths that are asked for are taken", () => {
  assert.deepEqual(transforms.lengths(22050, 1000), { winLength: 1000, hopLength: 250 });
  assert.deepEqual(transforms.lengths(22050, 1000, 300), { winLength: 1000, hopLength: 300 });
  assert.deepEqual(transforms.lengths(8000, null, 3), { winLength: 1024, hopLength: 3 });
});
