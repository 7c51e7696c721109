// What an explorer hands to the player: sounds, their pictures on one scale, scores.

import { rounded, siSdr } from "../engine/evaluation.js";
import { loudest, onePicture, picture, rowEdges, sharePicture } from "../engine/pictures.js";
import { lengths, magnitudes, stft } from "../engine/transforms.js";
import { joined } from "../views/sounds.js";

// Magnitudes that a mask lets through.
export function masked(A, M) {
  const data = new Float32Array(A.data.length);
  for (let i = 0; i < data.length; i++) data[i] = M.data[i] * A.data[i];
  return { ...A, data };
}

// Each channel's sounds as the sounds that have all channels, one after the other.
export function together(perChannel) {
  return perChannel[0].map((_, k) => joined(perChannel.map((sounds) => sounds[k])));
}

// A picture: of all channels' magnitudes, or of what a mask for each lets through, or of the masks; and where its columns lie.
export function drawn(spectra, sr, hop, ref, masks = null, asShare = false) {
  const [{ bins, frames }] = spectra;
  const levels = asShare ? sharePicture(mean(masks), sr) : through(spectra, sr, ref, masks);
  const columns = levels.length / (rowEdges(bins, sr).length - 1);
  return { levels, columns: [(-0.5 * hop) / sr, (frames * hop) / sr / columns] };
}

// One channel's mask is laid on where the picture is made, which is fastest.
function through(spectra, sr, ref, masks) {
  if (masks && spectra.length === 1) return picture(spectra[0], sr, ref, undefined, masks[0]);
  return picture(onePicture(masks ? spectra.map((A, c) => masked(A, masks[c])) : spectra), sr, ref);
}

// Draws sounds that an explorer has not transformed itself, on the scale of this one.
export function painter(channels, sr, window = lengths(sr)) {
  const { winLength, hopLength } = window;
  const analysed = (sides) => sides.map((y) => magnitudes(stft(y, winLength, hopLength)));
  const spectra = analysed(channels);
  const ref = loudest(onePicture(spectra)) || 1;
  return { bins: spectra[0].bins, draw: (sides) => drawn(analysed(sides), sr, hopLength, ref) };
}

function mean(masks) {
  if (masks.length === 1) return masks[0];
  const data = masks[0].data.map((_, i) => masks.reduce((sum, M) => sum + M.data[i], 0) / masks.length);
  return { ...masks[0], data };
}

// What is drawn, without the picture when it has been handed over before.
export function once(drawing) {
  const { levels, columns } = drawing;
  delete drawing.levels;
  return { levels, columns };
}

// The player's state: `parts` has for each sound its name, samples and drawing. What stays as it was, sound or picture, is left out.
export function forPlayer(parts, { bins, sr, caption, scores }) {
  const state = { names: parts.map((part) => part.name), caption, scores, edges: rowEdges(bins, sr) };
  state.columns = parts.map((part) => part.drawing.columns);
  state.shares = parts.map((part) => Boolean(part.share));
  state.peak = 1;
  parts.forEach(({ sound, drawing }, i) => {
    if (sound) state[`sound${i}`] = sound;
    if (drawing.levels) state[`picture${i}`] = drawing.levels;
    if (sound) state.peak = Math.max(state.peak, peakOf(sound));
  });
  return state;
}

// By index, which takes a tenth of the time of a `for … of`.
function peakOf(sound) {
  let peak = 0;
  for (let i = 0; i < sound.length; i++) peak = Math.max(peak, Math.abs(sound[i]));
  return peak;
}

// The SI-SDR of the first sounds beside the baselines, as a table; nothing without references.
export function scoresOf(references, sounds) {
  return references.map((reference, k) => siSdr(reference, sounds[k]));
}

export function tableOf(names, scores, baselines) {
  if (!names.length) return [];
  const head = ["SI-SDR in dB", "now", ...(baselines?.methods ?? [])];
  return [head, ...names.map((name, k) => [name, rounded(scores[k]), ...(baselines?.rows[k] ?? [])])];
}
