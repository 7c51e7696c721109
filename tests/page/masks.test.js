// Masks equal the module's.

import { test } from "node:test";
import * as masks from "../../spectrogramtools/page/engine/masks.js";
import { cases, close, equal } from "./arrays.js";

for (const { name, A, B, soft, binary, repeating, trust, fitted, S, M, turned } of cases("masks")) {
  if (S) {
    test(`phase: ${name}`, () => close(masks.withPhaseOf(M, S), turned));
    continue;
  }

  test(`soft: ${name}`, () => {
    for (const { power, masks: wanted } of soft) {
      masks.softMasks(A, B, power).forEach((mask, i) => close(mask, wanted[i], `power ${power}, mask ${i}`, 2e-6));
    }
    masks.softMasks(A, B).forEach((mask, i) => close(mask, soft.find(({ power }) => power === 1).masks[i], "power 1"));
  });

  test(`binary: ${name}`, () => {
    for (const { margin, masks: wanted } of binary) {
      masks.binaryMasks(A, B, margin).forEach((mask, i) => equal(mask, wanted[i], `margin ${margin}, mask ${i}`));
    }
    masks.binaryMasks(A, B).forEach((mask, i) => equal(mask, binary[0].masks[i], "margin 1"));
  });

  test(`of a repeating model: ${name}`, () => {
    close(masks.repeatingMask(A, B), repeating, "repeating mask", 1e-6);
    close(masks.foregroundTrust(A, B), trust, "trust", 1e-6);
    close(masks.fittedMask(A, B), fitted, "fitted mask", 2e-6);
  });
}
