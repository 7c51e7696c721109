// An explorer in the page: its controls, its charts and its player. When a control moves, the new values go to a Worker
// that computes, and to the model, where a kernel may hear of them; what comes back is played and drawn at once.

import balance from "../../explorers/balance.json";
import errors from "../../explorers/errors.json";
import griffin_lim from "../../explorers/griffin_lim.json";
import hpss from "../../explorers/hpss.json";
import inner_product from "../../explorers/inner_product.json";
import moments from "../../explorers/moments.json";
import repet from "../../explorers/repet.json";
import repet_sim from "../../explorers/repet_sim.json";
import similarity from "../../explorers/similarity.json";
import songs from "../../explorers/songs.json";
import stft from "../../explorers/stft.json";
import tempo from "../../explorers/tempo.json";
import window_sum from "../../explorers/window_sum.json";
import { element } from "./axes.js";
import { render as renderChart } from "./chart.js";
import { codeOf, holds } from "./code.js";
import { drawControls } from "./controls.js";
import { pageModel } from "./model.js";
import { render as renderPlanes } from "./planes.js";
import { render as renderPlayer } from "./player.js";
import { channelsOf, joined } from "./sounds.js";
import { render as renderTold } from "./told.js";
import { wav } from "./wav.js";
import { workerFrom } from "./worker.js";
import engine from "worker:../worker.js";

export const RECIPES = {
  balance, errors, griffin_lim, hpss, inner_product, moments, repet, repet_sim, similarity, songs, stft, tempo,
  window_sum,
};
const [PAINTED, AT_LAST] = [40, 1000]; // milliseconds, after a result and after a move
const WITH_NUMPY = "import numpy as np\n";
const WITH_MODULE = `${WITH_NUMPY}from spectrogramtools import *\n`;

export function render({ model, el }) {
  const get = (name) => model.get(name);
  const recipe = RECIPES[get("kind")];
  const signals = get("names").map((name, i) => ({
    name, channels: channelsOf(get(`sound${i}`), get("formats")[i], get("channels")[i]),
  }));
  const heard = signals.length > 0; // or else a text stands where the player would
  const [mixture] = heard ? signals : [{ name: "", channels: [new Float32Array()] }];
  const given = heard ? `${recipe.given ?? "y"}, sr` : recipe.given;
  const imports = `${heard ? WITH_MODULE : WITH_NUMPY}\n# ${given}: what the explorer was given\n`;
  const withReferences = signals.length > 1;
  const needed = ({ needs }) => needs !== "references" || withReferences;

  const root = element("div", "st-explorer", el, { "data-lm-suppress-shortcuts": "true" });
  const controls = element("div", "st-controls", root, { role: "group", "aria-label": "controls" });
  const above = element("div", "st-above", root);
  const between = element("div", "st-between", root);
  const below = element("div", "st-below", root);
  const progress = element("progress", "", below, { hidden: "", "aria-label": "scoring" });
  const foot = element("div", "st-foot", root);
  const code = element("details", "st-code", foot);
  element("summary", "", code, {}, "code");
  const lines = element("pre", "", code, { tabindex: "0" });
  const saved = element("details", "st-code", foot);
  saved.hidden = !heard;
  element("summary", "", saved, {}, "save");
  const saves = element("div", "st-actions", saved, { role: "group", "aria-label": "sounds as files" });

  // --- the Worker: what it computes, and for which values

  const worker = workerFrom(engine);
  let asked = 0;
  let first = true; // until there has been a result
  let values = { ...get("values") };
  let telling = 0; // the timer, while the kernel does not know the values
  function ask(message) {
    worker.postMessage({ id: ++asked, values, ...message });
    root.setAttribute("aria-busy", "true");
  }

  worker.onmessage = ({ data: { id, result, done, progress: told, error, milliseconds } }) => {
    if (told !== undefined) return Object.assign(progress, { hidden: false, value: told });
    if (id === asked) root.setAttribute("aria-busy", "false");
    if (done || error) progress.hidden = true;
    if (done?.values) move(done.values);
    if (done?.charts) showCharts(done.charts);
    if (error) player.put({ message: error }); // what was there before stays
    if (result) show(result, milliseconds);
    if (result && first) actions.filter((action) => action.at_first).forEach((action) => ask({ action: action.name }));
    if (result) first = false;
    if (telling) tellIn(PAINTED);
  };
  worker.onerror = (event) => player.put({ message: event.message });

  function show(result, milliseconds) {
    if (result.values) find(result.values);
    if (heard) showPlayer(result.player, milliseconds);
    else player.put(result.player);
    showCharts(result.charts ?? {});
    lines.textContent = imports + codeOf(recipe.code, { ...values, ...result.facts }, mixture.channels.length);
  }

  function showPlayer(news, milliseconds) {
    const state = { channels: mixture.channels.length, n_samples: mixture.channels[0].length, message: "", computed: milliseconds };
    const names = news.names;
    const before = first && recipe.chosen ? recipe.chosen : player.get("names")[player.get("chosen")];
    const chosen = Math.max(0, names.indexOf(before));
    player.put({ ...state, ...news, chosen, version: player.get("version") + 1 });
    showSaves();
  }

  // --- what is seen

  // A marker over time moves by frames, another one by its control's steps.
  const markerStep = ({ step }) => ("hop_length" in get("settings") ? get("settings").hop_length / get("sr") : step);
  const showControls = drawControls(controls, get("controls"), (name, value) => move({ [name]: value }));
  const actions = (recipe.actions ?? []).filter(needed);
  const groups = new Map(); // of buttons, each beside its control or below the player
  for (const { name, label, tip, beside } of actions) {
    if (!groups.has(beside)) {
      const group = element("div", "st-actions", below, { role: "group", "aria-label": beside ?? "more" });
      const control = root.querySelector(`[data-control="${beside}"]`)?.closest(".st-control");
      if (control) control.after(group);
      groups.set(beside, group);
    }
    element("button", "st-action", groups.get(beside), { title: tip }, label).onclick = () => ask({ action: name });
  }
  const charts = new Map();
  const ends = [];
  for (const { name, place, shape, x_label, moves, planes, log } of (recipe.charts ?? []).filter(needed)) {
    const bounds = moves && get("controls").find((control) => control.name === moves);
    const chart = pageModel({
      panels: [], cells: [], x_label, x_range: [0, 1], marker: moves ? values[moves] : null, description: "",
      square: shape === "square", log: Boolean(log),
      marker_range: bounds ? [bounds.min, bounds.max] : [0, 1],
      marker_step: moves ? markerStep(bounds) : 0,
    });
    if (moves) chart.on("change:marker", () => chart.get("marker") !== values[moves] && move({ [moves]: chart.get("marker") }));
    charts.set(name, { chart, moves });
    const place_ = element("div", `st-place ${shape ? `st-${shape}` : ""}`, place === "above" ? above : below);
    ends.push((planes ? renderPlanes : renderChart)({ model: chart, el: place_ }));
  }
  if (groups.has(undefined)) below.append(groups.get(undefined)); // after the charts
  below.append(progress);

  const player = pageModel({
    names: [mixture.name], sr: get("sr"), channels: mixture.channels.length, n_samples: mixture.channels[0].length,
    sound0: joined(mixture.channels), edges: new Float32Array([0, get("sr") / 2]),
    columns: [[0, 1]], y_axis: get("y_axis"), chosen: 0, position: 0, message: "", caption: "", scores: [], version: 0,
  });
  ends.push((heard ? renderPlayer : renderTold)({ model: player, el: between }));
  // A click in the picture moves a control as well, where the picture shows what the control is about.
  const placed = recipe.controls.find((control) => control.click_when);
  if (placed) {
    player.on("change:position", () => holds({ when: placed.click_when }, values) && move({ [placed.name]: player.get("position") }));
  }

  // What stood nowhere yet stands where the Worker has found it.
  function find(some) {
    for (const [name, value] of Object.entries(some)) if (values[name] === null) values = { ...values, [name]: value };
    showControls(values);
  }

  function showCharts(news) {
    for (const [name, { chart, moves }] of charts) chart.put({ ...news[name], ...(moves ? { marker: values[moves] } : {}) });
  }

  function save(i) {
    const [n, count] = [player.get("n_samples"), player.get("channels")];
    const samples = player.get(`sound${i}`);
    const channels = Array.from({ length: count }, (_, c) => samples.subarray(c * n, (c + 1) * n));
    const link = Object.assign(document.createElement("a"), {
      href: URL.createObjectURL(wav(channels, get("sr"))), download: `${player.get("names")[i]}.wav`,
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000); // not every browser has read it by now
  }

  function showSaves() {
    const names = player.get("names");
    if (names.join() === saves.dataset.names) return;
    saves.dataset.names = names.join();
    saves.querySelectorAll("button").forEach((button) => button.remove());
    names.forEach((name, i) => (element("button", "st-action", saves, {}, `${name}.wav`).onclick = () => save(i)));
  }

  // --- what moves

  function move(some) {
    if (Object.entries(some).every(([name, value]) => values[name] === value)) return;
    values = { ...values, ...some };
    model.set("values", values);
    tellIn(AT_LAST);
    showControls(values);
    ask({});
  }
  // The kernel hears of it when the picture is there: what it answers keeps JupyterLab from painting.
  function tellIn(milliseconds) {
    clearTimeout(telling);
    telling = setTimeout(tell, milliseconds);
    root.dataset.told = "false";
  }
  function tell() {
    clearTimeout(telling);
    telling = 0;
    model.save_changes();
    root.dataset.told = "true";
  }
  const onValues = () => {
    const news = get("values");
    if (recipe.controls.every(({ name }) => news[name] === values[name])) return; // what the kernel heard from here
    values = { ...news };
    showControls(values);
    ask({});
  };
  model.on("change:values", onValues);

  showControls(values);
  ask({ start: { kind: get("kind"), sr: get("sr"), settings: get("settings"), signals } });
  return () => {
    if (telling) tell();
    worker.terminate();
    for (const end of ends) end();
    model.off("change:values", onValues);
  };
}
