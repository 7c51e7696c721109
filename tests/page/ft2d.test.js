// 2DFT equals the module's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fft2, ifft2 } from "../../spectrogramtools/page/engine/fft2d.js";
import { ft2d, ft2dMasks, spectrum2d } from "../../spectrogramtools/page/engine/ft2d.js";
import { addUp, camelCase, cases, close } from "./arrays.js";

for (const { name, A, spectrum, how, masks, channels, sr, background } of cases("ft2d")) {
  if (spectrum) {
    test(`there and back: ${name}`, () => {
      const found = spectrum2d(A);
      close(found, spectrum, "there", 1e-6);
      const back = ifft2(found);
      close({ ...A, data: back.re }, A, "back", 1e-6);
      const turned = { ...A, re: A.data.map((v) => v / 2), im: A.data };
      const both = ifft2(fft2(turned));
      close({ ...A, data: both.re }, { ...A, data: turned.re }, "real part", 1e-6);
      close({ ...A, data: both.im }, { ...A, data: turned.im }, "imaginary part", 1e-6);
    });
  } else if (A) {
    test(`masks: ${name} ${JSON.stringify(how)}`, () => {
      ft2dMasks(A, camelCase(how)).forEach((mask, i) => {
        const worst = mask.data.reduce((most, v, cell) => Math.max(most, Math.abs(v - masks[i].data[cell])), 0);
        assert(worst < 1e-5, `mask ${i}: wrong by ${worst}`);
      });
    });
  } else {
    test(`sounds: ${name} ${JSON.stringify(how)}`, () => {
      addUp(channels, ...ft2d(channels, sr, camelCase(how)), background);
    });
  }
}
