// Reads what write_arrays.py wrote into the folder that the environment variable ARRAYS names, and compares with it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const TYPES = { float32: Float32Array, float64: Float64Array, int32: Int32Array, uint8: Uint8Array };

// The cases of a chapter. A vector is a typed array, a matrix is { bins, frames, data }, and what is complex has `re`
// and `im` instead of `data`. A number that JSON does not know ("inf", "-inf", "nan") is one again.
export function cases(chapter) {
  const folder = process.env.ARRAYS;
  assert(folder, "ARRAYS must name the folder that tests/page/write_arrays.py wrote");
  const { buffer, byteOffset } = readFileSync(join(folder, `${chapter}.bin`));
  const read = (_, value) => {
    if (value === "inf" || value === "-inf" || value === "nan") return Number(value.replace("inf", "Infinity"));
    if (!Array.isArray(value?.shape)) return value;
    const Type = TYPES[value.type];
    const length = value.shape.reduce((a, b) => a * b, 1);
    const numbers = (at) => new Type(buffer.slice(byteOffset + at, byteOffset + at + length * Type.BYTES_PER_ELEMENT));
    const [bins, frames] = value.shape;
    const shape = value.shape.length === 2 ? { bins, frames } : {};
    if (value.complex) {
      return { ...shape, re: numbers(value.at), im: numbers(value.at + length * Type.BYTES_PER_ELEMENT) };
    }
    return value.shape.length === 2 ? { ...shape, data: numbers(value.at) } : numbers(value.at);
  };
  const found = JSON.parse(readFileSync(join(folder, `${chapter}.json`), "utf8"), read);
  assert(found.length, `${chapter} has no cases`);
  return found;
}

// Arrays, matrices or spectra that differ by no more than so much of the wanted one's peak.
export function close(found, wanted, what = "", part = 1e-5) {
  const [mine, theirs] = [parts(found), parts(wanted)];
  for (const name of ["bins", "frames"]) assert.equal(found[name], wanted[name], `${what}: ${name}`);
  const peak = theirs.reduce((most, numbers) => numbers.reduce((a, b) => Math.max(a, Math.abs(b)), most), 0);
  mine.forEach((numbers, i) => {
    assert.equal(numbers.length, theirs[i].length, `${what}: length`);
    let worst = 0;
    for (let k = 0; k < numbers.length; k++) {
      const error = Math.abs(numbers[k] - theirs[i][k]);
      if (!(error <= worst)) worst = error;
    }
    assert(worst <= part * peak, `${what}: wrong by ${worst} of ${peak}`);
  });
}

// Arrays or matrices that are equal to the last bit, and of the same type.
export function equal(found, wanted, what = "") {
  for (const name of ["bins", "frames"]) assert.equal(found[name], wanted[name], `${what}: ${name}`);
  const [mine, theirs] = [parts(found), parts(wanted)];
  mine.forEach((numbers, i) => {
    assert.equal(numbers.constructor, theirs[i].constructor, `${what}: type`);
    assert.equal(numbers.length, theirs[i].length, `${what}: length`);
    const wrong = numbers.findIndex((number, k) => number !== theirs[i][k]);
    assert.equal(wrong, -1, `${what}: ${numbers[wrong]} instead of ${theirs[i][wrong]} at ${wrong}`);
  });
}

function parts(value) {
  if (value.re) return [value.re, value.im];
  return [value.data ?? value];
}

// Background and foreground, channel by channel: the one as wanted, to a part of the sound's peak, and the rest of the
// sound.
export function addUp(channels, background, foreground, wanted, part = 1e-5) {
  channels.forEach((y, c) => {
    const peak = y.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    assert.equal(background[c].constructor, y.constructor);
    assert.equal(background[c].length, y.length);
    assert.equal(foreground[c].length, y.length);
    let [worst, lost] = [0, 0];
    for (let i = 0; i < y.length; i++) {
      const error = Math.abs(background[c][i] - wanted[c][i]);
      if (!(error <= worst)) worst = error;
      const missing = Math.abs(background[c][i] + foreground[c][i] - y[i]);
      if (!(missing <= lost)) lost = missing;
    }
    assert(worst <= part * peak, `wrong by ${worst} of ${peak}`);
    assert(lost <= 1e-6 * peak, `${lost} of ${peak} is lost`);
  });
}

// The module's names of settings as the engine's.
export function camelCase(how) {
  const camel = (name) => name.replace(/_./g, (c) => c[1].toUpperCase());
  return Object.fromEntries(Object.entries(how).map(([name, value]) => [camel(name), value]));
}
