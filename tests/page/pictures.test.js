// Pictures equal the module's.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as pictures from "../../spectrogramtools/page/engine/pictures.js";
import { onPixels } from "../../spectrogramtools/page/views/axes.js";
import { cases, close, equal } from "./arrays.js";

const { loudest, onePicture, picture, rowEdges, rowStarts, sharePicture } = pictures;

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

for (const { name, A, sr, ref, M, bins, starts, spectra, drawn, ...wanted } of cases("pictures")) {
  if (drawn) {
    const { at, cells, edges, hertz, places } = wanted;
    test(`drawn with ${at}`, () => equal(onPixels(cells, edges, [...hertz], [...places]), drawn));
  } else if (spectra) {
    test(`${spectra.length} channels as one`, () => close(onePicture(spectra), wanted.one, "", 1e-6));
  } else if (starts) {
    test(`rows of ${bins} bins at ${sr} Hz`, () => {
      assert.deepEqual(rowStarts(bins, sr), starts);
      equal(rowEdges(bins, sr), wanted.edges);
    });
  } else {
    test(name, () => {
      assert.equal(loudest(A), ref);
      same(picture(A, sr, ref), wanted.levels);
      same(picture(A, sr, ref / 30, 7), wanted.brighter);
      same(picture(A, sr, ref, undefined, M), wanted.masked);
      same(sharePicture(M, sr), wanted.share);
    });
  }
}
