// A visitor's own song: opened here, explored here, sent nowhere.

import { element } from "../views/axes.js";
import { ownState } from "../views/own.js";
import { contextFor } from "../views/player.js";
import { startWidget } from "./waking.js";

const FAST = 22050; // Hz
const FULL = 44100;
const LONGEST = 15; // minutes
const KINDS = { hpss: "HPSS: long notes and strokes", repet: "REPET: what repeats, and what does not", stft: "STFT: there and back" };
const PASSAGES = [10, 30, 60]; // seconds

/**
 * A file's channels at this rate, mixed down to one if so wished.
 * @param {File} file @param {number} sr @param {boolean} mono
 * @returns {Promise<Float32Array[]>}
 */
export async function opened(file, sr, mono) {
  let buffer;
  try {
    buffer = await new OfflineAudioContext(2, 1, sr).decodeAudioData(await file.arrayBuffer());
  } catch {
    throw new Error(`This browser can't read ${file.name}: WAV, FLAC, MP3, OGG and M4A work in most.`);
  }
  if (buffer.duration > 60 * LONGEST) throw new Error(`${file.name} lasts ${minutes(buffer.duration)}: cut out at most ${LONGEST} minutes of it first.`);
  if (buffer.duration < 1) throw new Error(`${file.name} lasts ${buffer.duration.toFixed(1)} s: at least a second is needed.`);
  if (buffer.numberOfChannels > 2) throw new Error(`${file.name} has ${buffer.numberOfChannels} channels: mix it down to two first.`);
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, c) => buffer.getChannelData(c));
  if (channels.every((y) => y.every((v) => Math.abs(v) < 1e-4))) throw new Error(`${file.name} is silent: choose a file with sound in it.`);
  if (!mono || channels.length === 1) return channels;
  const [left, right] = channels;
  return [left.map((v, i) => (v + right[i]) / 2)];
}

/** @param {number} seconds */
function minutes(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/**
 * An explorer over a sound, playing.
 * @param {string} kind @param {{ name: string, channels: Float32Array[], sr: number }} sound @param {HTMLElement} el
 */
export function startExplorer(kind, sound, el) {
  return startWidget("explorer", ownState(kind, sound), el);
}

/** @param {HTMLElement} root */
export function takeSongs(root) {
  root.className = "st-song";
  const drop = element("label", "st-drop", root, {}, "Drop a sound file here, or press to choose one ");
  const input = /** @type {HTMLInputElement} */ (element("input", "", drop, { type: "file", accept: "audio/*,.wav,.mp3,.flac,.ogg,.m4a" }));
  const says = element("p", "st-says", root, { role: "status" });
  const choices = element("div", "st-choices-row", root, { hidden: "" });
  const kind = menu("explorer", Object.entries(KINDS));
  const passage = menu("passage", []);
  const from = /** @type {HTMLInputElement} */ (element("input", "", labelled("from"), { type: "range", min: "0", step: "1", value: "0" }));
  const told = element("output", "", /** @type {HTMLElement} */ (from.parentElement));
  const quality = menu("sound", [["fast", "22 kHz, one channel: answers fast"], ["full", "44.1 kHz, as it is: takes longer"]]);
  const button = /** @type {HTMLButtonElement} */ (element("button", "", choices, { type: "button" }, "▶ Listen and move the sliders"));
  const place = element("div", "", root);
  /** @type {File | undefined} */
  let file;
  let end = () => {};

  /** @param {string} text */
  function labelled(text) {
    return element("label", "", choices, {}, `${text} `);
  }

  /** @param {string} label @param {[string, string][]} options */
  function menu(label, options) {
    const select = /** @type {HTMLSelectElement} */ (element("select", "", labelled(label), {}));
    fill(select, options);
    return select;
  }

  /** @param {HTMLSelectElement} select @param {[string, string][]} options */
  function fill(select, options) {
    select.replaceChildren();
    for (const [value, text] of options) element("option", "", select, { value }, text);
  }

  /** @param {number} sr */
  const opening = (sr) => opened(/** @type {File} */ (file), sr, quality.value === "fast");

  /** @param {() => Promise<void>} work */
  async function saying(work) {
    says.textContent = "opening the file …";
    button.disabled = true;
    try {
      await work();
    } catch (error) {
      says.textContent = /** @type {Error} */ (error).message;
    }
    button.disabled = false;
  }

  /** @param {File | undefined} chosen */
  function take(chosen) {
    if (!chosen) return;
    file = chosen;
    choices.hidden = true;
    end();
    end = () => {};
    place.replaceChildren();
    saying(async () => {
      const [y] = await opening(FAST);
      const seconds = y.length / FAST;
      says.textContent = `${chosen.name}: ${minutes(seconds)} minutes.`;
      const shorter = PASSAGES.filter((length) => length < seconds);
      fill(passage, [...shorter.map((s) => /** @type {[string, string]} */ ([String(s), `${s} seconds`])), [String(seconds), "all of it"]]);
      passage.value = String(shorter.includes(30) ? 30 : seconds);
      showFrom(seconds);
      choices.hidden = false;
      button.focus();
    });
  }

  /** @param {number} seconds */
  function showFrom(seconds) {
    from.max = String(Math.max(0, Math.floor(seconds - Number(passage.value))));
    /** @type {HTMLElement} */ (from.parentElement).hidden = Number(from.max) === 0;
    told.textContent = minutes(Number(from.value));
    from.setAttribute("aria-valuetext", told.textContent);
    passage.onchange = from.oninput = () => showFrom(seconds);
  }

  button.onclick = () => {
    const sr = quality.value === "fast" ? FAST : FULL;
    contextFor(sr).resume(); // within the press, for a browser lets nobody else start a sound
    saying(async () => {
      const at = Math.round(Number(from.value) * sr);
      const channels = (await opening(sr)).map((y) => y.slice(at, at + Math.round(Number(passage.value) * sr)));
      says.textContent = "";
      end();
      place.replaceChildren();
      end = startExplorer(kind.value, { name: "mixture", channels, sr }, place);
    });
  };
  input.onchange = () => take(input.files?.[0]);
  for (const [event, over] of /** @type {[string, boolean][]} */ ([["dragover", true], ["dragleave", false], ["drop", false]])) {
    drop.addEventListener(event, (e) => {
      e.preventDefault(); // or the browser leaves the page and opens the file
      drop.classList.toggle("st-over", over);
    });
  }
  drop.addEventListener("drop", (e) => take(e.dataTransfer?.files[0]));
}
