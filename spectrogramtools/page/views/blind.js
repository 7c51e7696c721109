// A blind test: with two sounds ABX, with more a ranking by letters. It plays through the player, which shows no picture
// as long as one must not know; when all is said, the names are told, and the player is the usual one.

import { abxVerdict, needed, orderVerdict } from "../engine/chance.js";
import { render as renderNamed } from "../widgets/player.js";
import { element } from "./axes.js";
import { pageModel } from "./model.js";
import { drawOrdering } from "./ordering.js";
import { render as renderPlayer } from "./player.js";
import { channelsOf, joined } from "./sounds.js";

const FULL_SCALE = 32767; // the number that a sound has there
const LETTERS = "ABCDEFGHI";
const ROUNDS = [5, 10, 16];

const lot = (n) => Math.floor(Math.random() * n);
function shuffled(n) {
  const all = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const k = lot(i + 1);
    [all[i], all[k]] = [all[k], all[i]];
  }
  return all;
}

export function render({ model, el }) {
  const get = (name) => model.get(name);
  const names = get("names");
  const two = names.length === 2;
  const sounds = names.map((_, i) => joined(channelsOf(get(`sound${i}`), "int16", get("channels"), FULL_SCALE)));
  const root = element("div", "st-blind", el, { role: "group", "aria-label": "blind test", "data-lm-suppress-shortcuts": "true" });
  const text = element("div", "st-asks", root);
  const place = element("div", "st-place", root);
  const below = element("div", "st-below-it", root);
  const told = element("div", "st-told", root, { role: "status" });
  const state = { letters: get("letters"), drawn: get("drawn"), told: get("told"), over: get("over") };
  let player = null;
  let end = () => {};

  function keep(news) {
    Object.assign(state, news);
    for (const [name, value] of Object.entries(news)) model.set(name, value);
    model.save_changes();
  }

  function action(parent, label, pressed, className = "") {
    const button = element("button", `st-action ${className}`, parent, { type: "button" }, label);
    button.onclick = pressed;
    return button;
  }

  function newStage() {
    end();
    end = () => {};
    player = null;
    text.replaceChildren();
    place.replaceChildren();
    below.replaceChildren();
  }

  // Each letter with its sound; X, if there is one, stands for one of the first two.
  function letter(heard, letters) {
    const all = Object.fromEntries(heard.map((which, i) => [`sound${i}`, sounds[which]]));
    player = pageModel({
      names: [...letters], blind: true, sr: get("sr"), channels: get("channels"), n_samples: get("n_samples"), ...all,
      edges: new Float32Array([0, get("sr") / 2]), columns: heard.map(() => [0, 1]), y_axis: "linear",
      chosen: 0, position: 0, message: get("message"), caption: "", scores: [], version: 0,
    });
    end = renderPlayer({ model: player, el: place });
  }

  // --- ABX

  function start() {
    newStage();
    element("p", "st-question", text, {}, "Can you hear which is which?");
    element("p", "", text, {}, "A and B are two sounds; X is one of them, drawn by lot in each round. Say which one. How many " +
      "rounds is fixed now, and how many were right is told at the end: who stops when it suits proves nothing.");
    const bar = element("div", "st-bar", below, { role: "group", "aria-label": "how many rounds" });
    for (const rounds of ROUNDS) {
      action(bar, `${rounds} rounds`, () => {
        keep({ letters: shuffled(2), drawn: Array.from({ length: rounds }, () => lot(2)), told: [], over: false });
        rounds_();
        told.textContent = `round 1 of ${rounds}`;
        below.querySelector("button").focus({ preventScroll: true });
      }, "st-commit");
    }
    element("p", "st-small", below, {}, `Luck is unlikely from ${ROUNDS.map((rounds) => `${needed(rounds)} of ${rounds}`).join(", ")} on.`);
  }

  function rounds_() {
    newStage();
    const title = element("p", "st-question", text);
    const x = () => state.drawn[state.told.length];
    letter([...state.letters, x()], "ABX");
    const bar = element("div", "st-bar", below, { role: "group", "aria-label": "what is X?" });
    const show = () => (title.textContent = `Round ${state.told.length + 1} of ${state.drawn.length}: what is X?`);
    state.letters.forEach((which, i) => action(bar, `X is ${LETTERS[i]}`, () => {
      keep({ told: [...state.told, which] });
      if (state.told.length === state.drawn.length) return finish();
      show();
      told.textContent = `round ${state.told.length + 1} of ${state.drawn.length}`;
      player.put({ sound2: sounds[x()], chosen: 0, version: player.get("version") + 1 });
    }, "st-commit"));
    action(bar, "Stop here", finish, "st-quiet");
    show();
  }

  // --- ranking

  function rank() {
    newStage();
    if (!state.letters.length) keep({ letters: shuffled(names.length) });
    element("p", "st-question", text, {}, "Which sounds best?");
    element("p", "", text, {}, "The letters stand for the sounds in an order drawn by lot. Listen, and put the best first; then the names are told.");
    letter(state.letters, LETTERS.slice(0, names.length));
    const letters = [...LETTERS.slice(0, names.length)];
    const list = drawOrdering(below, letters, "from best to worst", (moved) => (told.textContent = moved));
    const bar = element("div", "st-bar st-tools", below);
    action(bar, "That is my order", () => {
      keep({ told: list.order().map((i) => state.letters[i]) });
      finish();
    }, "st-commit");
  }

  // --- what came of it

  function finish() {
    if (!state.over) keep({ over: true });
    newStage();
    const points = get("points");
    const score = (i) => (points.length ? `${points[i].toFixed(1).replace("-", "−")} dB` : "");
    element("p", "st-question", text, {}, two ? "What you heard" : "Your order, from best to worst");
    const verdict = two ? ofRounds() : points.length ? orderVerdict(state.told.map((i) => points[i])) : "";
    if (verdict) element("p", "", text, {}, verdict);
    const table = element("table", "st-revealed", text);
    const head = element("tr", "", table);
    const columns = [two ? "" : "place", "letter", "sound", ...(points.length ? ["score"] : [])].slice(two ? 1 : 0);
    for (const column of columns) element("th", "", head, { scope: "col" }, column);
    (two ? state.letters : state.told).forEach((which, place) => {
      const row = element("tr", "", table);
      if (!two) element("td", "", row, {}, String(place + 1));
      element("td", "", row, {}, LETTERS[state.letters.indexOf(which)]);
      element("th", "", row, { scope: "row" }, names[which]);
      if (points.length) element("td", "", row, {}, score(which));
    });
    end = renderNamed({ model, el: place });
    action(element("div", "st-bar st-tools", below), "Start over", () => {
      keep({ letters: [], drawn: [], told: [], over: false });
      begin();
      told.textContent = "asked anew";
      below.querySelector("button").focus({ preventScroll: true });
    }, "st-quiet");
    told.textContent = verdict || "the names are told now";
    below.querySelector("button").focus({ preventScroll: true });
  }

  function ofRounds() {
    const list = element("div", "st-rounds", text);
    let right = 0;
    state.told.forEach((said, i) => {
      const hit = said === state.drawn[i];
      right += Number(hit);
      element("span", hit ? "st-hit" : "st-miss", list, { role: "img", "aria-label": `round ${i + 1}: ${hit ? "right" : "wrong"}` }, hit ? "✓" : "✗");
    });
    return abxVerdict(right, state.told.length, state.drawn.length);
  }

  const begin = () => (state.over ? finish() : !two ? rank() : state.drawn.length ? rounds_() : start());
  root.addEventListener("keydown", (event) => event.stopPropagation()); // or JupyterLab and a slide show take the keys
  begin();
  return () => end();
}
