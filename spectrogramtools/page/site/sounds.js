// The site's sounds: FLAC files beside its pages, loaded when they are first wanted, and kept. A page that was opened as
// a file may not read other files; there a script beside each says the same bytes.

import { wholeNumbers } from "./whole.js";

/**
 * A sound as the site knows it: the name of its file, what its numbers are, and what full scale stands for.
 * @typedef {{ key: string, type: "int16" | "float32", channels: number, sr: number, n_samples: number, scale: number }} Sound
 */

const script = /** @type {HTMLScriptElement} */ (document.currentScript);
const FOLDER = new URL("sounds/", script.src);
/** @type {Map<string, Promise<DataView>>} */
const kept = new Map();

/**
 * The bytes of a sound as a widget holds them: one channel after the other.
 * @param {Sound} sound
 */
export function soundOf(sound) {
  if (!kept.has(sound.key)) {
    const promise = decoded(sound);
    kept.set(sound.key, promise);
    promise.catch(() => kept.delete(sound.key)); // who presses again tries again
  }
  return /** @type {Promise<DataView>} */ (kept.get(sound.key));
}

/** @param {Sound} sound */
async function decoded({ key, type, channels, sr, n_samples, scale }) {
  const data = location.protocol === "file:" ? await said(key) : await fetched(`${key}.flac`);
  // At the sound's own rate nothing is resampled.
  const buffer = await new OfflineAudioContext(channels, 1, sr).decodeAudioData(data);
  const numbers = type === "int16" ? new Int16Array(n_samples * channels) : new Float32Array(n_samples * channels);
  for (let c = 0; c < channels; c++) {
    const y = buffer.getChannelData(c).subarray(0, n_samples);
    numbers.set(type === "int16" ? wholeNumbers(y) : y.map((v) => v * scale), c * n_samples);
  }
  return new DataView(numbers.buffer);
}

/** @param {string} name */
async function fetched(name) {
  const answer = await fetch(new URL(name, FOLDER));
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.arrayBuffer();
}

/** @param {string} key */
async function said(key) {
  const element = document.createElement("script");
  element.src = new URL(`${key}.js`, FOLDER).href;
  await new Promise((done, failed) => {
    element.onload = done;
    element.onerror = () => failed(new Error(`${key}.js is not there`));
    document.head.append(element);
  });
  element.remove();
  /** @type {Record<string, string>} */
  const all = /** @type {any} */ (globalThis).spectrogramtoolsSounds;
  const text = all[key];
  delete all[key];
  return bytes(text);
}

/** @param {string} text in base64 */
function bytes(text) {
  const binary = atob(text);
  return Uint8Array.from({ length: binary.length }, (_, i) => binary.charCodeAt(i)).buffer;
}
