// Computes the players' spectrograms, apart from the page that draws them.

import { painter } from "./explorers/result.js";

// `sounds` has the channels of each; the answers come one by one, the wanted one first. All are on the first one's scale.
onmessage = ({ data: { id, sr, sounds, first } }) => {
  const { draw } = painter(sounds[0], sr);
  const order = [first, ...sounds.keys()].filter((i, k, all) => all.indexOf(i) === k);
  for (const i of order) {
    const { levels, columns } = draw(sounds[i]);
    postMessage({ id, i, levels, columns }, { transfer: [levels.buffer] });
  }
};
