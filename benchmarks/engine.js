// How long the page's engine takes, on one thread: node benchmarks/engine.js
//
// One clip's length of noise, 10 s at 22.05 kHz with a window of 2048, at two hops. For each function the fastest and
// the median of many calls, in milliseconds; at the end what a move of a slider takes in explore_hpss. Then the methods
// that look for what repeats, and what a move of the period takes, each to another hop.

import { griffinLimInverse } from "../spectrogramtools/page/engine/griffinlim.js";
import { masksOfMedians } from "../spectrogramtools/page/engine/hpss.js";
import { fittedMask, softMasks } from "../spectrogramtools/page/engine/masks.js";
import * as medians from "../spectrogramtools/page/engine/medians.js";
import { picture } from "../spectrogramtools/page/engine/pictures.js";
import { backgroundMasks } from "../spectrogramtools/page/engine/background.js";
import { siSdr } from "../spectrogramtools/page/engine/evaluation.js";
import { followPeriod } from "../spectrogramtools/page/engine/follow.js";
import { modelOfPeaks, spectrum2d } from "../spectrogramtools/page/engine/ft2d.js";
import { beatSpectrum, findPeriod } from "../spectrogramtools/page/engine/period.js";
import { repet } from "../spectrogramtools/page/engine/repet.js";
import { masksOfSimilar, roots, similarFrames, similarityMatrix } from "../spectrogramtools/page/engine/repet_sim.js";
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

const { A } = new Mixture(y, WINDOW, 512);
const spectrum = spectrum2d(A);
const model = modelOfPeaks(spectrum, [1, 25]);
const similarity = similarityMatrix(roots(A));
const similar = { distanceFrames: 43 };
const neighbours = similarFrames(similarity, similar);
let period = 2;
console.log("\nwhat repeats");
time("beat spectrum", () => beatSpectrum(A));
time("period", () => findPeriod([y], SR), 5);
time("period followed", () => followPeriod([y], SR, period), 5);
time("masks of a model, fitted", () => backgroundMasks(A, model));
time("masks of a model, binary", () => backgroundMasks(A, model, { mask: "binary" }));
time("a move of REPET's period", () => repet([y], SR, { period: (period += 0.01) }));
time("similarity matrix", () => similarityMatrix(roots(A)));
time("similar frames", () => similarFrames(similarity, similar));
time("their masks", () => masksOfSimilar(A, neighbours));
time("two-dimensional spectrum", () => spectrum2d(A));
time("model of its peaks", () => modelOfPeaks(spectrum, [1, 25]));
