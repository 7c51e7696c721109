// The Worker's message loop, with an explorer that tells what it is asked for: of what arrives while it is busy the last
// counts, long work is broken off, and at rest it goes on by itself until somebody asks.

import assert from "node:assert/strict";
import { on } from "node:events";
import { after, before, test } from "node:test";
import { Worker } from "node:worker_threads";

const here = (path) => JSON.stringify(new URL(`../../spectrogramtools/page/${path}`, import.meta.url).href);
const code = `
import { parentPort } from "node:worker_threads";
globalThis.postMessage = (message) => parentPort.postMessage(message);
globalThis.onmessage = null;
const { EXPLORERS } = await import(${here("explorers/all.js")});
EXPLORERS.told = class {
  async update(values, checkpoint) {
    for (let k = 0; k < (values.steps ?? 0); k++) await checkpoint();
    if (values.wrong) throw new Error("that is wrong");
    return { player: { name: values.name } };
  }
  async rest(values, checkpoint) {
    for (let k = 0; k < 3; k++) {
      await checkpoint();
      postMessage({ rested: values.name });
    }
  }
};
await import(${here("worker.js")});
parentPort.on("message", (data) => globalThis.onmessage({ data }));
postMessage("ready");
`;

const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
const messages = on(worker, "message");
before(async () => {
  await messages.next();
  worker.postMessage({ id: 0, start: { kind: "told" }, values: { name: "first" } });
  assert.deepEqual(await told(4), ["first", "rests with first", "rests with first", "rests with first"]);
}, { timeout: 60_000 });
after(() => worker.terminate());

// The next so many answers.
async function told(count) {
  const all = [];
  while (all.length < count) {
    const { value: [{ result, rested, overtaken, error }] } = await messages.next();
    all.push(result?.player.name ?? (rested ? `rests with ${rested}` : overtaken ? "overtaken" : error));
  }
  return all;
}

// Messages that arrive together.
const ask = (...all) => all.forEach((values, id) => worker.postMessage({ id, values }));

test("of what arrives while it is busy the last counts", async () => {
  ask({ name: "a", steps: 1e6 }, { name: "b" }, { name: "c" }, { name: "d" });
  const answers = await told(3);
  assert.equal(answers[0], "overtaken");
  assert.equal(answers.at(-1), "rests with d");
  await told(2);
});

test("at rest it goes on with the last values, until somebody asks", async () => {
  ask({ name: "a" });
  assert.deepEqual(await told(2), ["a", "rests with a"]);
  ask({ name: "b" });
  const answers = [];
  while (answers.filter((answer) => answer === "rests with b").length < 3) answers.push(...await told(1));
  assert.deepEqual(answers.slice(-4), ["b", ...Array(3).fill("rests with b")]);
});

test("what is wrong is said, and the next is answered", async () => {
  ask({ name: "a", wrong: true });
  assert.equal((await told(4))[0], "that is wrong");
  ask({ name: "b" });
  assert.equal((await told(4))[0], "b");
});
