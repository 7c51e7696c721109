// Where a widget stood, a picture and a button wait. A press loads the sounds, draws the widget as JupyterLab would, and
// plays at once.

import { render as explorer } from "../views/explorer.js";
import { pageModel } from "../views/model.js";
import { contextFor } from "../views/player.js";
import player from "../widgets/player.js";
import { bytes, bytesOf, soundOf } from "./sounds.js";

/**
 * @typedef {import("./sounds.js").Sound} Sound
 * @typedef {{ view: "player" | "chart", state: Record<string, any>, sounds: Record<string, Sound>,
 *   bytes: [(string | number)[], string | { key: string }][] }} Part
 */

const VIEWS = { player, chart };

/** @param {HTMLElement} asleep */
export function wakeOnPress(asleep) {
  const button = /** @type {HTMLButtonElement} */ (asleep.querySelector("button"));
  button.onclick = () => wake(asleep, button);
}

/** @param {HTMLElement} asleep @param {HTMLButtonElement} button */
async function wake(asleep, button) {
  const label = button.textContent;
  const status = asleep.querySelector(".st-status") ?? button.after(Object.assign(document.createElement("span"), { className: "st-status", role: "status" }));
  const says = /** @type {HTMLElement} */ (asleep.querySelector(".st-status") ?? status);
  const parts = /** @type {Part[]} */ (JSON.parse(asleep.querySelector("script")?.textContent ?? "[]"));
  button.disabled = true;
  says.textContent = "loading the sound …";
  try {
    // Within the press, for a browser lets nobody else start a sound.
    for (const { state } of parts) if (state.sr) contextFor(state.sr).resume();
    await Promise.all(parts.map(filled));
  } catch (error) {
    button.disabled = false;
    button.textContent = label;
    says.textContent = `The sound could not be loaded (${/** @type {Error} */ (error).message}): try again.`;
    return;
  }
  asleep.replaceChildren();
  asleep.className = "st-awake";
  for (const { view, state } of parts) {
    VIEWS[view]({ model: modelOf(state), el: asleep.appendChild(document.createElement("div")) });
  }
  const play = /** @type {HTMLElement | null} */ (asleep.querySelector(".st-play"));
  play?.click();
  play?.focus({ preventScroll: true });
}

/** Puts sounds and other bytes where the widget looks for them. @param {Part} part */
async function filled({ state, sounds, bytes: other }) {
  const loading = Object.entries(sounds).map(async ([name, sound]) => (state[name] = await soundOf(sound)));
  for (const [path, data] of other) {
    loading.push((async () => {
      const view = typeof data === "string" ? new DataView(bytes(data)) : await bytesOf(data.key);
      const place = path.slice(0, -1).reduce((inside, step) => inside?.[step], state);
      if (place) place[path[path.length - 1]] = view;
    })());
  }
  await Promise.all(loading);
}
