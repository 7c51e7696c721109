// The discrete Fourier transform equals numpy's, at lengths of every kind.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fft, ifft, irfft, nextFastLength, rfft } from "../../spectrogramtools/page/engine/fft.js";
import { cases, close } from "./arrays.js";

for (const { n, x, z, ...wanted } of cases("fft")) {
  test(`length ${n}`, () => {
    close(fft(z.re, z.im), wanted.fft, "fft", 1e-14);
    close(ifft(z.re, z.im), wanted.ifft, "ifft", 1e-14);
    close(rfft(x), wanted.rfft, "rfft", 1e-14);
    close(rfft(x, n + 5), wanted.padded, "rfft, longer", 1e-14);
    close(rfft(x, Math.max(1, n - 3)), wanted.cut, "rfft, shorter", 1e-14);
    const tilted = wanted.rfft.im.map((v) => v + 0.5);
    close(irfft(wanted.rfft.re, tilted, n), wanted.irfft, "irfft", 1e-14);
  });
}

test("a fast length has no prime factor above 5, and none lies between it and what was asked for", () => {
  const fast = (n) => [2, 3, 5].reduce((left, f) => { while (left % f === 0) left /= f; return left; }, n) === 1;
  for (let n = 1; n < 3000; n++) {
    let wanted = n;
    while (!fast(wanted)) wanted++;
    assert.equal(nextFastLength(n), wanted);
  }
});
