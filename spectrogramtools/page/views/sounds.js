// Sounds as they come from Python, or from a file: bytes of 16 bit or of 32-bit floats, one channel after the other.

import { numbers } from "./axes.js";

// Each channel as numbers between -1 and 1. In 16 bit, full scale has the number `fullScale`.
export function channelsOf(view, format, count, fullScale = 32768) {
  const all = format === "float32" ? numbers(Float32Array, view) : Float32Array.from(numbers(Int16Array, view), (v) => v / fullScale);
  const n = all.length / count;
  return Array.from({ length: count }, (_, c) => all.slice(c * n, (c + 1) * n));
}

// All channels in one array, one after the other.
export function joined(channels) {
  if (channels.length === 1) return channels[0];
  const all = new channels[0].constructor(channels.length * channels[0].length);
  channels.forEach((channel, c) => all.set(channel, c * channel.length));
  return all;
}
