// Griffin-Lim: find a phase for a spectrogram of which only the magnitude is known.
//
// In turns, the spectrogram is made consistent (back to sound and to a spectrogram again) and given its magnitude
// back. With momentum each step goes a little further in the direction of the last one. All is done in double
// precision: what is rounded in a weak cell turns its phase, and grows from turn to turn.

import { precision, spectrum } from "./arrays.js";
import { analyse, synthesise } from "./frames.js";
import { halfsine, istft, synthesisGain } from "./transforms.js";

/** @typedef {import("./arrays.js").Numbers} Numbers */
/** @typedef {import("./arrays.js").Matrix} Matrix */
/** @typedef {import("./arrays.js").Spectrum} Spectrum */
/** @typedef {import("./transforms.js").WindowFunction} WindowFunction */

/**
 * @typedef {object} Settings
 * @property {number} [NIters] turns; 0 only applies the start phase
 * @property {number} [momentum] 0 for Griffin and Lim, 0.99 for the fast form
 * @property {Matrix} [phase] the angles to start with, in radians; or else all are 0
 * @property {number} [length] samples to return; or else what the frames span
 * @property {WindowFunction} [winfunc]
 */

/**
 * A waveform whose spectrogram has magnitudes as near to A as so many turns get.
 * @param {Matrix} A
 * @param {number} winLength
 * @param {number} hopLength
 * @param {Settings} [settings]
 * @returns {Numbers}
 */
export function griffinLimInverse(A, winLength, hopLength, settings) {
  const turns = griffinLimTurns(A, winLength, hopLength, settings);
  for (;;) {
    const { done, value } = turns.next();
    if (done) return value;
  }
}

/**
 * The same, one turn at a time, so that one can do something else in between, or give up. It yields how many turns are
 * done, what gives the sound that one would have by then, and the turn's stations: `from` has the magnitudes of A,
 * `consistent` is the spectrogram of a sound that is nearest to it, `to` has the magnitudes of A again.
 * @param {Matrix} A
 * @param {number} winLength
 * @param {number} hopLength
 * @param {Settings} [settings]
 * @returns {Generator<{ turn: number, sound: () => Numbers, from: Spectrum, consistent: Spectrum, to: Spectrum }, Numbers, void>}
 */
export function* griffinLimTurns(A, winLength, hopLength, settings = {}) {
  const { NIters = 10, momentum = 0, phase, length, winfunc = halfsine } = settings;
  const window = winfunc(winLength);
  const gain = gainInsideSignal(window, hopLength, A.frames, length);
  let S = withAngles(A, phase);
  const sound = () => new (precision(A.data))(istft(S, winLength, hopLength, length, winfunc));
  let previous = momentum ? spectrum(A.bins, A.frames, Float64Array) : null;
  for (let turn = 1; turn <= NIters; turn++) {
    const y = synthesise(S, window, hopLength);
    for (let i = 0; i < y.length; i++) y[i] *= gain[i];
    const consistent = analyse(y, window, hopLength);
    const from = S;
    S = imposed(A, momentum ? beyond(consistent, previous ?? consistent, momentum) : consistent);
    previous = momentum ? consistent : null;
    yield { turn, sound, from, consistent, to: S };
  }
  return sound();
}

/**
 * @param {Matrix} A
 * @param {Matrix} [phase]
 * @returns {Spectrum}
 */
function withAngles(A, phase) {
  const S = spectrum(A.bins, A.frames, Float64Array);
  for (let i = 0; i < S.re.length; i++) {
    S.re[i] = phase ? A.data[i] * Math.cos(phase.data[i]) : A.data[i];
    S.im[i] = phase ? A.data[i] * Math.sin(phase.data[i]) : 0;
  }
  return S;
}

/**
 * The synthesis gain, 0 also in the padding: the sound that is sought has no samples there.
 * @param {Numbers} window
 * @param {number} hopLength
 * @param {number} frames
 * @param {number | undefined} length
 */
function gainInsideSignal(window, hopLength, frames, length) {
  const gain = synthesisGain(window, hopLength, frames).slice();
  const half = Math.floor(window.length / 2);
  gain.fill(0, 0, half);
  gain.fill(0, length === undefined ? gain.length - half : half + length);
  return gain;
}

/**
 * Some way further from `previous` than `here`.
 * @param {Spectrum} here
 * @param {Spectrum} previous
 * @param {number} momentum
 * @returns {Spectrum}
 */
function beyond(here, previous, momentum) {
  const S = spectrum(here.bins, here.frames, Float64Array);
  for (let i = 0; i < S.re.length; i++) {
    S.re[i] = here.re[i] + momentum * (here.re[i] - previous.re[i]);
    S.im[i] = here.im[i] + momentum * (here.im[i] - previous.im[i]);
  }
  return S;
}

/**
 * These magnitudes with the phase of S; phase 0 where S is nothing beside its magnitude.
 * @param {Matrix} A
 * @param {Spectrum} S
 */
function imposed({ data, bins, frames }, { re, im }) {
  const S = spectrum(bins, frames, Float64Array);
  for (let i = 0; i < data.length; i++) {
    const found = Math.sqrt(re[i] * re[i] + im[i] * im[i]);
    const lost = found <= 1e-20 * data[i];
    S.re[i] = lost ? data[i] : (re[i] * data[i]) / found;
    S.im[i] = lost ? 0 : (im[i] * data[i]) / found;
  }
  return S;
}
