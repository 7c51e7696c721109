// Where a widget stood, a picture and a button wait. A press loads the sounds, draws the widget as JupyterLab would, and
// plays at once.

import { pageModel } from "../views/model.js";
import { contextFor } from "../views/player.js";
import blind from "../widgets/blind.js";
import explorer from "../widgets/explorer.js";
import player from "../widgets/player.js";
import predict from "../widgets/predict.js";
import { soundOf } from "./sounds.js";

const VIEWS = { player, explorer, blind, predict };

/** @typedef {keyof typeof VIEWS} View */

/**
 * What stands on the page of a widget.
 * @param {HTMLElement} place
 * @returns {{ view: View, state: Record<string, any>, sounds: Record<string, import("./sounds.js").Sound> }}
 */
function known(place) {
  return JSON.parse(place.querySelector("script")?.textContent ?? "");
}

/**
 * A widget without sounds needs no press; it takes the place of what was to be read there.
 * @param {HTMLElement} place
 */
export function wakeAtOnce(place) {
  const { view, state } = known(place);
  place.replaceChildren();
  startWidget(view, state, place);
}

/** @param {HTMLElement} asleep */
export function wakeOnPress(asleep) {
  const button = /** @type {HTMLButtonElement} */ (asleep.querySelector("button"));
  button.onclick = () => wake(asleep, button);
}

/** @param {HTMLElement} asleep @param {HTMLButtonElement} button */
async function wake(asleep, button) {
  const status = /** @type {HTMLElement} */ (asleep.querySelector("[role=status]"));
  const { view, state, sounds } = known(asleep);
  button.disabled = true;
  status.textContent = "loading the sound …";
  try {
    contextFor(state.sr).resume(); // within the press, for a browser lets nobody else start a sound
    const loading = Object.entries(sounds).map(async ([name, sound]) => (state[name] = await soundOf(sound)));
    await Promise.all(loading);
  } catch (error) {
    button.disabled = false;
    status.textContent = `The sound could not be loaded (${/** @type {Error} */ (error).message}): try again.`;
    return;
  }
  asleep.replaceChildren();
  asleep.className = "st-awake";
  startWidget(view, state, asleep);
}

/**
 * Draws a widget from its state, with its sounds, and plays it.
 * @param {View} view @param {Record<string, any>} state @param {HTMLElement} el
 */
export function startWidget(view, state, el) {
  const end = VIEWS[view].render({ model: pageModel(state), el });
  const play = /** @type {HTMLElement | null} */ (el.querySelector(".st-play"));
  play?.click();
  play?.focus({ preventScroll: true });
  return end;
}
