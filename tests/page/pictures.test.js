// Pictures equal the module's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { loudest, onePicture, picture, rowEdges, rowStarts, sharePicture } from "../../spectrogramtools/page/engine/pictures.js";
import { cases, close, equal } from "./arrays.js";

// A level that lies between two may be rounded to either.
function same(found, wanted) {
  assert.equal(found.constructor, Uint8Array);
  assert.equal(found.length, wanted.length);
  let wrong = 0;
  found.forEach((level, i) => {
    assert(Math.abs(level - wanted[i]) <= 1, `${level} instead of ${wanted[i]} at ${i}`);
    wrong += Number(level !== wanted[i]);
  });
  assert(wrong <= 1 + 1e-3 * found.length, `${wrong} of ${found.length} are rounded to the other side`);
}

for (const { name, A, sr, ref, levels, brighter, M, masked, share, bins, starts, edges, spectra, one } of cases("pictures")) {
  if (spectra) {
    test(`${spectra.length} channels as one`, () => close(onePicture(spectra), one, "", 1e-6));
  } else if (starts) {
    test(`rows of ${bins} bins at ${sr} Hz`, () => {
      assert.deepEqual(rowStarts(bins, sr), starts);
      equal(rowEdges(bins, sr), edges);
    });
  } else {
    test(name, () => {
      assert.equal(loudest(A), ref);
      same(picture(A, sr, ref), levels);
      same(picture(A, sr, ref / 30, 7), brighter);
      same(picture(A, sr, ref, undefined, M), masked);
      same(sharePicture(M, sr), share);
    });
  }
}
