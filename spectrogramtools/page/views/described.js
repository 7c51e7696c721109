// What a screen reader says of a picture, from the levels that are drawn.

import { DYNAMIC_RANGE } from "./axes.js";

const POWERS = Float64Array.from({ length: 256 }, (_, level) => (level ? 10 ** ((level / 255 - 1) * (DYNAMIC_RANGE / 10)) : 0));
const rounded = (hertz) => Number(hertz.toPrecision(2));

// Where in a spectrogram all but a tenth at either end of the energy lies, and when it is loudest. Levels stand column
// by column, the columns from `start` on, each so many seconds wide.
export function spectrogramDescribed(levels, edges, start, columnSeconds) {
  const rows = edges.length - 1;
  const inRows = new Float64Array(rows);
  let [loudest, most, all] = [0, 0, 0];
  for (let c = 0; c * rows < levels.length; c++) {
    let energy = 0;
    for (let row = 0; row < rows; row++) {
      const share = POWERS[levels[c * rows + row]] * (edges[row + 1] - edges[row]);
      inRows[row] += share;
      energy += share;
    }
    if (energy > most) [loudest, most] = [c, energy];
    all += energy;
  }
  if (!all) return "silent";
  let [low, high, sum] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    if (sum <= 0.1 * all) low = row;
    if (sum < 0.9 * all) high = row + 1;
    sum += inRows[row];
  }
  const at = Math.max(0, start + (loudest + 0.5) * columnSeconds);
  return `most of its energy between ${rounded(Math.max(0, edges[low]))} and ${rounded(edges[high])} hertz, loudest at ${at.toFixed(1)} seconds`;
}

export function maskDescribed(levels) {
  const mean = levels.reduce((sum, level) => sum + level, 0) / (255 * levels.length);
  return `${Math.round(100 * mean)} percent pass on average`;
}
