// The state of an explorer over a sound that no kernel knows, such as a visitor's own song.

import { lengths } from "../engine/transforms.js";
import { RECIPES } from "./explorer.js";
import { joined } from "./sounds.js";

// `channels` are the sound's, each with numbers between -1 and 1. Where a control depends on the sound, so does its range.
export function ownState(kind, { name, channels, sr }) {
  const { winLength, hopLength } = lengths(sr);
  const seconds = channels[0].length / sr;
  const longest = (channels[0].length / 2 - hopLength) / sr;
  const ranges = {
    period: { min: Math.min((4 * hopLength) / sr, longest), max: longest, value: null }, // until it is found
    time: { min: 0, max: seconds, value: seconds / 2 },
  };
  const controls = RECIPES[kind].controls.map((control) => ({ ...control, ...ranges[control.name] }));
  const samples = joined(channels.map((y) => Float32Array.from(y)));
  return {
    kind,
    sr,
    controls,
    values: Object.fromEntries(controls.map((control) => [control.name, control.value])),
    settings: { win_length: winLength, hop_length: hopLength },
    names: [name],
    channels: [channels.length],
    formats: ["float32"],
    sound0: new DataView(samples.buffer),
    y_axis: "linear",
  };
}
