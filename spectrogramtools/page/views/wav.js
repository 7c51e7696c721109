// A sound as a WAV file of 32-bit floats: nothing is rounded, nothing clips, and stems add up to their mixture.

export function wav(channels, sr) {
  const [count, n] = [channels.length, channels[0].length];
  const view = new DataView(new ArrayBuffer(58 + 4 * count * n));
  const text = (at, letters) => [...letters].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, view.byteLength - 8, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 18, true);
  view.setUint16(20, 3, true); // floats
  view.setUint16(22, count, true);
  view.setUint32(24, sr, true);
  view.setUint32(28, 4 * count * sr, true);
  view.setUint16(32, 4 * count, true);
  view.setUint16(34, 32, true);
  view.setUint16(36, 0, true);
  text(38, "fact");
  view.setUint32(42, 4, true);
  view.setUint32(46, n, true);
  text(50, "data");
  view.setUint32(54, 4 * count * n, true);
  for (let k = 0, at = 58; k < n; k++) for (const y of channels) (view.setFloat32(at, y[k], true), (at += 4));
  return new Blob([view], { type: "audio/wav" });
}
