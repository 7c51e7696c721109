// How long the page's engine takes, on one thread: node benchmarks/engine.js
//
// One clip's length of noise, 10 s at 22.05 kHz with a window of 2048, at two hops. For each function the fastest and
// the median of many calls, in milliseconds; at the end what a move of a slider takes in explore_hpss.

import { griffinLimInverse } from "../spectrogramtools/page/engine/griffinlim.js";
import { masksOfMedians } from "../spectrogramtools/page/engine/hpss.js";
import { fittedMask, softMasks } from "../spectrogramtools/page/engine/masks.js";
import * as medians from "../spectrogramtools/page/engine/medians.js";
import { picture } from "../spectrogramtools/page/engine/pictures.js";
import { siSdr } from "../spectrogramtools/page/engine/evaluation.js";
import { Mixture } from "../spectrogramtools/page/engine/separate.js";
import { istft, magnitudes, stft } from "../spectrogramtools/page/engine/transforms.js";

const [SR, SECONDS, WINDOW] = [22050, 10, 2048];
const CALLS = 21;

function noise() {
  let state = 1;
  return Float32Array.from({ length: SR * SECONDS }, () => (state = (state * 48271) % 2147483647) / 2147483647 - 0.5);
}

function time(name, call, calls = CALLS) {
  const found = Array.from({ length: calls }, () => {
    const started = performance.now();
    call();
    return performance.now() - started;
  }).sort((a, b) => a - b);
  console.log(`${name.padEnd(32)}${found[0].toFixed(1).padStart(9)}${found[calls >> 1].toFixed(1).padStart(9)}`);
}

const y = noise();
const other = y.map((v, i) => v * Math.sin(i / 1000));

for (const hop of [512, 256]) {
  const mixture = new Mixture(y, WINDOW, hop);
  const { S, A } = mixture;
  const P = medians.medianAcrossFrequency(A, 81);
  const masks = softMasks(medians.medianAcrossTime(A, 41), P);
  console.log(`\n${`${A.bins} x ${A.frames}, hop ${hop}`.padEnd(32)}  fastest   median   ms`);
  time("STFT", () => stft(y, WINDOW, hop));
  time("STFT, double", () => stft(Float64Array.from(y), WINDOW, hop));
  time("magnitudes", () => magnitudes(S));
  time("iSTFT", () => istft(S, WINDOW, hop, y.length));
  time("iSTFT, with a mask", () => istft(S, WINDOW, hop, y.length, undefined, masks[0]));
  time("median across time, 41", () => medians.medianAcrossTime(A, 41));
  time("median across time, 161", () => medians.medianAcrossTime(A, 161));
  time("median across frequency, 81", () => medians.medianAcrossFrequency(A, 81));
  time("median across frequency, 321", () => medians.medianAcrossFrequency(A, 321));
  time("median across periods, 50", () => medians.medianAcrossPeriods(A, 50));
  time("soft masks", () => softMasks(A, P));
  time("soft masks, power 2", () => softMasks(A, P, 2));
  time("fitted mask", () => fittedMask(A, P));
  time("picture", () => picture(A, SR, 100));
  time("SI-SDR", () => siSdr(y, other));
  time("Griffin-Lim, 10 turns", () => griffinLimInverse(A, WINDOW, hop, { length: y.length }), 3);
  time("a move of explore_hpss", () => {
    const shares = masksOfMedians(medians.medianAcrossTime(A, 41), P);
    const sounds = mixture.sounds(shares);
    shares.forEach((M) => picture(A, SR, 100, undefined, M));
    sounds.forEach((sound) => siSdr(other, sound));
  });
}
