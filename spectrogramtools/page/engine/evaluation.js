// How good is a separation? Scores against the true sources, in dB.
//
// An estimate is taken apart by projections: on its own reference (the target), on all references together (target and
// interference), and what no reference explains (artefacts). A signal is one array, or one for each channel; channels
// count as one long signal. Sums are made in double precision.

import { inner } from "./arrays.js";

/** @typedef {import("./arrays.js").Numbers} Numbers */
/** @typedef {Numbers | Numbers[]} Sound one channel, or all */

/**
 * Scale-invariant signal-to-distortion ratio: the higher, the nearer.
 * @param {Sound} reference not silent
 * @param {Sound} estimate shaped like reference
 * @returns {number} dB
 */
export function siSdr(reference, estimate) {
  const [r, e] = [asOne(reference), asOne(estimate)];
  const { scale, target } = alongReference(r, e);
  let distortion = 0;
  for (let i = 0; i < r.length; i++) {
    const wrong = e[i] - scale * r[i];
    distortion += wrong * wrong;
  }
  return ratio(target, distortion);
}

/**
 * Scale-invariant signal-to-interference ratio: how little of the other sources is in the estimate.
 * @param {Sound} reference not silent
 * @param {Sound} estimate shaped like reference
 * @param {Sound[]} others the true other sources
 * @returns {number} dB
 */
export function siSir(reference, estimate, others) {
  const [r, e] = [asOne(reference), asOne(estimate)];
  const { scale, target } = alongReference(r, e);
  const explained = projected(e, [r, ...others.map(asOne)]);
  let interference = 0;
  for (let i = 0; i < r.length; i++) interference += (explained[i] - scale * r[i]) ** 2;
  return ratio(target, interference);
}

/**
 * Scale-invariant signal-to-artefacts ratio: how little of the estimate is in none of the sources.
 * @param {Sound} reference not silent
 * @param {Sound} estimate shaped like reference
 * @param {Sound[]} others the true other sources
 * @returns {number} dB
 */
export function siSar(reference, estimate, others) {
  const [r, e] = [asOne(reference), asOne(estimate)];
  const { target } = alongReference(r, e);
  const explained = projected(e, [r, ...others.map(asOne)]);
  let artefacts = 0;
  for (let i = 0; i < r.length; i++) artefacts += (e[i] - explained[i]) ** 2;
  return ratio(target, artefacts);
}

/**
 * A score as text, to 0.1 dB; beyond 99 dB the digits are rounding noise.
 * @param {number} score
 */
export function rounded(score) {
  if (Math.abs(score) < 99) return score.toFixed(1);
  return score > 0 ? "> 99" : "< -99";
}

/**
 * All channels, one after the other, as one long signal.
 * @param {Sound} sound
 * @returns {Numbers}
 */
function asOne(sound) {
  if (!Array.isArray(sound)) return sound;
  const all = new Float64Array(sound.reduce((sum, channel) => sum + channel.length, 0));
  let at = 0;
  for (const channel of sound) {
    all.set(channel, at);
    at += channel.length;
  }
  return all;
}

/**
 * How loud the reference is in the estimate, and the energy that it has there.
 * @param {Numbers} reference
 * @param {Numbers} estimate
 */
function alongReference(reference, estimate) {
  const energy = inner(reference, reference);
  if (energy === 0) throw new Error("reference is silent: nothing can be scored against silence.");
  const scale = inner(estimate, reference) / energy;
  return { scale, target: scale * scale * energy };
}

/**
 * The part of a signal that the sources explain together: its projection on the space that they span.
 * @param {Numbers} signal
 * @param {Numbers[]} sources
 */
function projected(signal, sources) {
  // At right angles to each other, and the energy of each.
  /** @type {[Float64Array, number][]} */
  const directions = [];
  const explained = new Float64Array(signal.length);
  for (const source of sources) {
    const rest = Float64Array.from(source);
    const before = inner(rest, rest);
    // Twice, for what the first time leaves by rounding.
    for (const [other, squares] of [...directions, ...directions]) add(rest, other, -inner(rest, other) / squares);
    const energy = inner(rest, rest);
    if (energy <= before * (Number.EPSILON * signal.length) ** 2) continue; // the other sources say it all
    directions.push([rest, energy]);
  }
  for (const [direction, energy] of directions) add(explained, direction, inner(signal, direction) / energy);
  return explained;
}

/**
 * @param {Float64Array} to
 * @param {Float64Array} direction
 * @param {number} times
 */
function add(to, direction, times) {
  for (let i = 0; i < to.length; i++) to[i] += times * direction[i];
}

/**
 * @param {number} wanted energy
 * @param {number} unwanted energy
 */
function ratio(wanted, unwanted) {
  if (wanted === 0) return -Infinity;
  return 10 * Math.log10(wanted / unwanted);
}
