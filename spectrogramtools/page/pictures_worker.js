// Computes the players' spectrograms, apart from the page that draws them.

import { loudest, onePicture } from "./engine/pictures.js";
import { lengths, magnitudes, stft } from "./engine/transforms.js";
import { drawn } from "./explorers/result.js";

// `sounds` has the channels of each; the answers come one by one, the wanted one first. All are on the first one's scale.
onmessage = ({ data: { id, sr, sounds, first } }) => {
  const { winLength, hopLength } = lengths(sr);
  const analysed = (channels) => channels.map((y) => magnitudes(stft(y, winLength, hopLength)));
  const whole = analysed(sounds[0]);
  const ref = loudest(onePicture(whole)) || 1;
  const order = [first, ...sounds.keys()].filter((i, k, all) => all.indexOf(i) === k);
  for (const i of order) {
    const { levels, columns } = drawn(i ? analysed(sounds[i]) : whole, sr, hopLength, ref);
    postMessage({ id, i, levels, columns }, { transfer: [levels.buffer] });
  }
};
