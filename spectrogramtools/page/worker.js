// What computes, apart from the page that draws: it is handed sounds once, then values of controls, and gives results.
// Of values that arrive while it is busy only the last count, and long work is broken off when newer ones arrive.

import { Overtaken } from "./explorers/overtaken.js";
import { EXPLORERS } from "./explorers/all.js";

let explorer = null;
let given = null; // what the explorer is made of, until it is made
let wanted = null; // the last message that has not been begun
let busy = false;

// Lets messages in that have arrived meanwhile.
const breath = new MessageChannel();
const waiting = [];
breath.port1.onmessage = () => waiting.shift()();
const breathe = () => new Promise((go) => {
  waiting.push(go);
  breath.port2.postMessage(0);
});

async function checkpoint() {
  await breathe();
  if (wanted) throw new Overtaken();
}

async function answer({ id, values, action }) {
  const started = performance.now();
  const tell = (message, transfer = []) => postMessage({ id, ...message }, { transfer });
  try {
    if (given) explorer = new EXPLORERS[given.kind](given);
    given = null;
    if (action) tell({ done: await explorer.act(action, values, checkpoint, (progress) => tell({ progress })) });
    else {
      const result = await explorer.update(values, checkpoint);
      const transfer = new Set(Object.values(result.player).filter((v) => ArrayBuffer.isView(v) && v.byteLength > 10000).map((v) => v.buffer));
      tell({ result, milliseconds: performance.now() - started }, [...transfer]);
    }
  } catch (error) {
    if (error instanceof Overtaken) tell({ overtaken: true });
    else tell({ error: error instanceof Error ? error.message : String(error) });
  }
}

// What an explorer goes on with of itself, until somebody asks.
async function rest(values) {
  try {
    await explorer?.rest?.(values, checkpoint);
  } catch (error) {
    if (!(error instanceof Overtaken)) throw error;
  }
}

onmessage = async ({ data }) => {
  if (data.start) given = data.start;
  wanted = data;
  if (busy) return;
  busy = true;
  while (wanted) {
    const next = wanted;
    wanted = null;
    await answer(next);
    await breathe();
    if (!wanted) await rest(next.values);
  }
  busy = false;
};
