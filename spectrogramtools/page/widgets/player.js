// What JupyterLab loads to show a player: the kernel's model holds the sounds, and hears which one is chosen and where
// somebody seeks; their pictures are computed here, in one Worker for all players.

import { rowEdges } from "../engine/pictures.js";
import { lengths } from "../engine/transforms.js";
import { pageModel } from "../views/model.js";
import { render as renderPlayer } from "../views/player.js";
import { channelsOf } from "../views/sounds.js";
import { workerFrom } from "../views/worker.js";
import pictures from "worker:../pictures_worker.js";

const FULL_SCALE = 32767; // the number that a sound has there
const PASSED_ON = ["names", "sr", "channels", "n_samples", "y_axis", "chosen", "position", "message", "caption", "scores", "version"];
const TOLD = ["chosen", "position"]; // what the kernel hears of

function drawer() {
  const shared = (globalThis.spectrogramtoolsPictures ??= { worker: workerFrom(pictures), asked: 0 });
  return shared;
}

export function render({ model, el }) {
  const { worker } = drawer();
  const get = (name) => model.get(name);
  let wanted = 0;

  function state() {
    const all = Object.fromEntries(PASSED_ON.map((name) => [name, get(name)]));
    const sounds = all.names.map((_, i) => channelsOf(get(`sound${i}`), "int16", all.channels, FULL_SCALE));
    sounds.forEach((channels, i) => {
      const samples = new Float32Array(all.channels * all.n_samples);
      channels.forEach((y, c) => samples.set(y, c * all.n_samples));
      Object.assign(all, { [`sound${i}`]: samples, [`picture${i}`]: null });
    });
    wanted = ++drawer().asked;
    worker.postMessage({ id: wanted, sr: all.sr, sounds, first: all.chosen });
    return { ...all, edges: rowEdges(1 + lengths(all.sr).winLength / 2, all.sr), columns: all.names.map(() => [0, 1]) };
  }

  const player = pageModel({ ...state(), pictured: 0 });
  const onPicture = ({ data: { id, i, levels, columns } }) => {
    if (id !== wanted) return;
    const all = player.get("columns").map((before, k) => (k === i ? columns : before));
    player.put({ [`picture${i}`]: levels, columns: all, pictured: player.get("pictured") + Number(i === player.get("chosen")) });
  };
  worker.addEventListener("message", onPicture);
  const onVersion = () => player.put(state());
  const passed = ["chosen", "position", "message"].map((name) => [`change:${name}`, () => player.set(name, get(name))]);
  model.on("change:version", onVersion);
  for (const [event, f] of passed) model.on(event, f);
  for (const name of TOLD) {
    player.on(`change:${name}`, () => {
      if (get(name) === player.get(name)) return;
      model.set(name, player.get(name));
      model.save_changes();
    });
  }
  const end = renderPlayer({ model: player, el });
  return () => {
    end();
    worker.removeEventListener("message", onPicture);
    model.off("change:version", onVersion);
    for (const [event, f] of passed) model.off(event, f);
  };
}

export default { render };
