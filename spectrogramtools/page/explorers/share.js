// A mask as a picture: shares from 0 to 255 steps, with the rows and columns of a spectrogram's picture.

import { COLUMNS, rowStarts } from "../engine/pictures.js";

export function sharePicture(M, sr) {
  const starts = [...rowStarts(M.bins, sr), M.bins];
  const width = Math.min(M.frames, COLUMNS);
  const levels = new Uint8Array(width * (starts.length - 1));
  for (let c = 0, at = 0; c < width; c++) {
    const from = Math.floor((c * M.frames) / width);
    const to = Math.floor(((c + 1) * M.frames) / width);
    for (let row = 0; row + 1 < starts.length; row++, at++) {
      let most = 0;
      for (let n = from; n < to; n++) {
        for (let i = n * M.bins + starts[row]; i < n * M.bins + starts[row + 1]; i++) if (M.data[i] > most) most = M.data[i];
      }
      levels[at] = Math.round(255 * most);
    }
  }
  return levels;
}
