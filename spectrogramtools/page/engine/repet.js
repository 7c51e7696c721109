// REPET, the repeating pattern extraction technique: what repeats is background.
//
// Cut the spectrogram into periods, lay them on one another and take the median: what repeats stays, the voice above it
// goes. A mask keeps of each cell what this model explains; the rest is foreground. The hop is one of which the period
// is a whole multiple; with a fixed hop the periods slide against each other by a part of a frame, and the median
// blurs.
//
// A sound is a list of channels, which have one period and are separated one by one. An explorer that keeps what did
// not change takes the steps of `repet` by themselves: a `Mixture` for a hop, `medianAcrossPeriods` for a period in
// frames, `backgroundMasks` for the mask's settings, and the sounds.
//
// Functions: `repetMasks` (on magnitudes) and `repet` (on a waveform); for a background that changes, `repetExtended`
// (piece by piece) and `repetAdaptive` (a period for each frame); `nothingRepeats`.

import { leftOutError, loudness, repetitions, standsOut } from "./agreement.js";
import { inner } from "./arrays.js";
import { backgroundMasks, maskFor, parted, rowsBelow } from "./background.js";
import { followPeriod, placesOfFrames } from "./follow.js";
import { medianAcrossPeriods } from "./medians.js";
import { findPeriod, fittingHop, isSilent, middleOf, moreThanNothing, secondsThatRepeat, short } from "./period.js";
import { PlacedMixture } from "./placed.js";
import { roundEven } from "./rounding.js";
import { Mixture } from "./separate.js";
import { lengths } from "./transforms.js";

/** @typedef {import("./agreement.js").Stack} Stack */
/** @typedef {import("./arrays.js").Matrix} Matrix */
/** @typedef {import("./arrays.js").Numbers} Numbers */
/** @typedef {import("./background.js").MaskName} MaskName */
/** @typedef {import("./background.js").MaskSettings} MaskSettings */

/**
 * @typedef {object} Settings
 * @property {number | null} [period] seconds; null finds it
 * @property {number} [highpass] Hz; everything below goes to the background
 * @property {MaskName} [mask]
 * @property {number} [power] of the soft mask
 * @property {number | null} [winLength] samples; null takes the power of two nearest to 93 ms
 * @property {number | null} [hopLength] samples; null takes one near a quarter of the window that fits the period
 */

// The period is taken to move, or the music to change, if then the repetitions' error is so many times what it was.
const MOVES = 0.97;
const CHANGES = 0.9;
// Numbers of nearest repetitions that are tried.
const NEAREST = [5, 9, 17];

/**
 * Masks of the repeating background and of the foreground.
 * @param {Matrix} A
 * @param {number | ArrayLike<number>} periodFrames one period, or one for each frame
 * @param {MaskSettings & { nearest?: number | null }} [settings] with nearest, the median is over so many repetitions
 *   around each frame only
 * @returns {[Matrix, Matrix]}
 */
export function repetMasks(A, periodFrames, { mask = "fitted", nearest = null, ...settings } = {}) {
  const model = medianAcrossPeriods(A, periodFrames, nearest);
  const longest = typeof periodFrames === "number" ? periodFrames : Math.max(...Array.from(periodFrames));
  return backgroundMasks(A, model, { mask: maskFor(mask, Math.min(A.frames / longest, nearest ?? 3)), ...settings });
}

/**
 * Separate what repeats from what does not.
 * @param {Numbers[]} channels
 * @param {number} sr
 * @param {Settings} [settings]
 * @returns {[Numbers[], Numbers[]]} background and foreground, which add up to the channels
 */
export function repet(channels, sr, settings = {}) {
  const { winLength, masks } = resolved(sr, settings);
  const given = givenPeriod(settings, channels[0].length, sr);
  if (isSilent(channels)) return [silence(channels), silence(channels)];
  const period = given ?? findPeriod(channels, sr);
  return withPeriod(channels, sr, period, masks, winLength, hopFor(settings, period * sr, winLength));
}

/**
 * REPET piece by piece, for a background that changes: overlapping segments, each with a period of its own.
 *
 * A segment in which its own repetitions do not agree better than those of the whole is taken from `repet` of the
 * whole, which knows more of them.
 * @param {Numbers[]} channels
 * @param {number} sr
 * @param {Settings & { segment?: number }} [settings] a segment lasts so many seconds; the next one begins half of it
 *   later, and they are faded into one another
 * @returns {[Numbers[], Numbers[]]} background and foreground
 */
export function repetExtended(channels, sr, { segment = 10, ...settings } = {}) {
  const { winLength, masks } = resolved(sr, settings);
  const n = channels[0].length;
  const pieces = piecesOf(n, sr, segment);
  const given = givenPeriod(settings, Math.min(...pieces.map(([start, stop]) => stop - start)), sr);
  if (isSilent(channels)) return [silence(channels), silence(channels)];
  const periodOfAll = given ?? findPeriod(channels, sr);
  const hopOfAll = hopFor(settings, periodOfAll * sr, winLength);
  const [ofAll] = withPeriod(channels, sr, periodOfAll, masks, winLength, hopOfAll);
  const stacks = stacksOf(channels, winLength, hopOfAll, (periodOfAll * sr) / hopOfAll);
  const background = silence(channels);
  for (const [start, stop] of pieces) {
    const piece = channels.map((channel) => channel.subarray(start, stop));
    let part = ofAll.map((channel) => channel.subarray(start, stop));
    if (!isSilent(piece)) {
      const own = given ?? findPeriod(piece, sr);
      const hop = hopFor(settings, own * sr, winLength);
      /** @type {[number, number]} */
      const among = [roundEven(start / (periodOfAll * sr)), roundEven(stop / (periodOfAll * sr))];
      if (errorOf(stacksOf(piece, winLength, hop, (own * sr) / hop)) < CHANGES * errorOf(stacks, null, among)) {
        [part] = withPeriod(piece, sr, own, masks, winLength, hop);
      }
    }
    fadeIn(background, part, start, Math.floor((segment * sr) / 2), stop < n);
  }
  return [background, without(channels, background)];
}

/**
 * REPET for a band that breathes: the period is followed as it moves, and frames are placed by it.
 *
 * Where that does not make the repetitions agree better, because the tempo stands still, frames are equally far apart,
 * as in `repet`. In the same way the median is taken over the nearest repetitions only where these agree better than
 * all of them, because the music changes.
 * @param {Numbers[]} channels
 * @param {number} sr
 * @param {Settings & { nearest?: number | null, followed?: ReturnType<typeof followPeriod> | null }} [settings] nearest:
 *   so many repetitions are in the median; null lets their agreement decide. followed: what `followPeriod` gives, where
 *   it is known already
 * @returns {[Numbers[], Numbers[]]} background and foreground
 */
export function repetAdaptive(channels, sr, { nearest = null, followed = null, ...settings } = {}) {
  const { winLength, masks } = resolved(sr, settings);
  const given = givenPeriod(settings, channels[0].length, sr);
  if (isSilent(channels)) return [silence(channels), silence(channels)];
  const period = given ?? findPeriod(channels, sr);
  const hop = hopFor(settings, period * sr, winLength);
  const { times, periods } = followed ?? followPeriod(channels, sr, period);
  const moving = placesOfFrames(times, periods, channels[0].length, sr, hop);
  const frames = Math.max(1, roundEven((period * sr) / hop));
  const steadyStacks = stacksOf(channels, winLength, hop, frames);
  const placed = channels.map((channel) => new PlacedMixture(channel, winLength, moving.places));
  const movingStacks = placed.map(({ A }) => repetitions(A, moving.frames));
  const moves = errorOf(movingStacks) < MOVES * errorOf(steadyStacks);
  const taken = nearest ?? numberThatAgrees(moves ? movingStacks : steadyStacks);
  const mixtures = moves ? placed : channels.map((channel) => new Mixture(channel, winLength, hop));
  return inTurn(
    mixtures.map((mixture) => {
      const [M] = repetMasks(mixture.A, moves ? moving.frames : frames, { nearest: taken, ...masks });
      return parted(mixture, M);
    }),
  );
}

/**
 * Whether most of the energy is foreground, and the period (in samples) no better than any other lag.
 * @param {Numbers[]} channels
 * @param {Numbers[]} foreground
 * @param {number} period
 * @param {number} winLength
 * @param {number} hop
 */
export function nothingRepeats(channels, foreground, period, winLength, hop) {
  if (energyOf(foreground) < energyOf(channels) / 2) return false;
  return !middleOf(channels, period).some((channel) => standsOut(new Mixture(channel, winLength, hop).A, period / hop));
}

/**
 * The window, and what `repetMasks` is told beside the period.
 * @param {number} sr
 * @param {Settings} settings
 */
function resolved(sr, { highpass = 100, mask = "fitted", power = 1, winLength = null }) {
  const { winLength: length } = lengths(sr, winLength);
  return { winLength: length, masks: { mask, power, highpassBins: rowsBelow(highpass, sr, length) } };
}

/**
 * The period that is given, if one is.
 * @param {Settings} settings
 * @param {number} samples in which it must occur twice
 * @param {number} sr
 */
function givenPeriod({ period = null }, samples, sr) {
  return period === null ? null : secondsThatRepeat(period, samples, sr);
}

/**
 * The hop that was asked for, or the one that fits the period, in samples.
 * @param {Settings} settings
 * @param {number} period
 * @param {number} winLength
 */
function hopFor({ hopLength = null }, period, winLength) {
  return hopLength ?? fittingHop(period, winLength);
}

/**
 * Background and foreground at this period.
 * @param {Numbers[]} channels
 * @param {number} sr
 * @param {number} period seconds
 * @param {MaskSettings} masks
 * @param {number} winLength
 * @param {number} hop
 */
function withPeriod(channels, sr, period, masks, winLength, hop) {
  const frames = Math.max(1, roundEven((period * sr) / hop));
  return inTurn(
    channels.map((channel) => {
      const mixture = new Mixture(channel, winLength, hop);
      return parted(mixture, repetMasks(mixture.A, frames, masks)[0]);
    }),
  );
}

/**
 * Background and foreground of each channel as all channels of the one, then of the other.
 * @param {Numbers[][]} parts
 * @returns {[Numbers[], Numbers[]]}
 */
function inTurn(parts) {
  return [parts.map(([background]) => background), parts.map(([, foreground]) => foreground)];
}

/**
 * Each channel's repetitions.
 * @param {Numbers[]} channels
 * @param {number} winLength
 * @param {number} hop
 * @param {number} frames in a period
 */
function stacksOf(channels, winLength, hop, frames) {
  return channels.map((channel) => repetitions(new Mixture(channel, winLength, hop).A, frames));
}

/**
 * How far the repetitions are from one another, over all channels.
 * @param {Stack[]} stacks
 * @param {number | null} [nearest]
 * @param {[number, number]} [among]
 */
function errorOf(stacks, nearest = null, among) {
  let [error, weights] = [0, 0];
  for (const stack of stacks) {
    const weight = loudness(stack, among);
    error += weight * leftOutError(stack, nearest, among);
    weights += weight;
  }
  return weights ? error / weights : 0;
}

/**
 * How many of the nearest repetitions agree clearly better than all of them; null where they don't.
 * @param {Stack[]} stacks
 */
function numberThatAgrees(stacks) {
  const tried = NEAREST.filter((number) => number < stacks[0].count - 1);
  const errors = tried.map((number) => errorOf(stacks, number));
  const least = Math.min(...errors);
  return least < CHANGES * errorOf(stacks) ? tried[errors.indexOf(least)] : null;
}

/**
 * Start and stop of segments that overlap by half; the last one reaches to the end.
 * @param {number} samples
 * @param {number} sr
 * @param {number} segment seconds
 */
function piecesOf(samples, sr, segment) {
  moreThanNothing(segment, "segment");
  // Even, so that one half fades out exactly where the other fades in.
  const length = 2 * Math.floor(Math.min(segment * sr, samples + 2) / 2);
  if (length > samples || length < 2) {
    const lasts = short(samples / sr);
    throw new Error(`segment is ${short(segment)} s, but y lasts ${lasts} s: use a shorter one, or repet itself.`);
  }
  /** @type {[number, number][]} */
  const pieces = [];
  for (let start = 0; start + length <= samples; start += length / 2) pieces.push([start, start + length]);
  pieces[pieces.length - 1][1] = samples;
  return pieces;
}

/**
 * Add a piece to what is there: but for the first it fades in, and but for the last it fades out.
 * @param {Numbers[]} to
 * @param {Numbers[]} piece
 * @param {number} start
 * @param {number} half samples over which it fades
 * @param {boolean} more whether another piece follows
 */
function fadeIn(to, piece, start, half, more) {
  const n = piece[0].length;
  const fade = new Float32Array(n).fill(1);
  if (start > 0) for (let i = 0; i < half; i++) fade[i] = (i + 0.5) / half;
  if (more) for (let i = half; i < n; i++) fade[i] = (n - 1 - i + 0.5) / half;
  piece.forEach((channel, c) => {
    for (let i = 0; i < n; i++) to[c][start + i] += Math.fround(fade[i] * channel[i]);
  });
}

/** @param {Numbers[]} channels */
function silence(channels) {
  return channels.map((channel) => channel.slice().fill(0));
}

/**
 * @param {Numbers[]} channels
 * @param {Numbers[]} part
 */
function without(channels, part) {
  return channels.map((channel, c) => channel.map((v, i) => v - part[c][i]));
}

/** @param {Numbers[]} channels */
function energyOf(channels) {
  return channels.reduce((sum, channel) => sum + inner(channel, channel), 0);
}
