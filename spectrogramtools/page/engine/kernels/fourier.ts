// The frames of the STFT and of its inverse, for windows of a power of two samples: four frames at a time in float32,
// two in float64, each in a lane of its own.
//
// As in fft.js: even and odd samples are the real and imaginary parts of half as many numbers, which are transformed
// four by four, each stage writing in the order in which the next one reads; an inverse is the transform with real and
// imaginary parts swapped. `roots` holds the cosines of one turn in so many steps as a frame has samples, and then the
// sines, negative. `work` has room for two complex numbers for every sample of a frame.

// Bytes of a complex number: the real parts of all lanes, then the imaginary parts.
const NUMBER: i32 = 32;
const IMAGINARY: i32 = 16;

export function analyse32(
  y: i32, re: i32, im: i32, frames: i32, length: i32, hop: i32, window: i32, roots: i32, work: i32,
): void {
  analyse<f32>(y, re, im, frames, length, hop, window, roots, work);
}

export function analyse64(
  y: i32, re: i32, im: i32, frames: i32, length: i32, hop: i32, window: i32, roots: i32, work: i32,
): void {
  analyse<f64>(y, re, im, frames, length, hop, window, roots, work);
}

export function synthesise32(
  y: i32, re: i32, im: i32, frames: i32, length: i32, hop: i32, window: i32, roots: i32, work: i32,
): void {
  synthesise<f32>(y, re, im, frames, length, hop, window, roots, work);
}

export function synthesise64(
  y: i32, re: i32, im: i32, frames: i32, length: i32, hop: i32, window: i32, roots: i32, work: i32,
): void {
  synthesise<f64>(y, re, im, frames, length, hop, window, roots, work);
}

/** The spectra of the frames of y. */
// @ts-ignore: a decorator
@inline
function analyse<T>(
  y: i32, re: i32, im: i32, frames: i32, length: i32, hop: i32, window: i32, roots: i32, work: i32,
): void {
  const size = sizeof<T>() as i32;
  const half = length >> 1;
  const row = (half + 1) * size;
  const sines = roots + length * size;
  for (let n = 0; n < frames; n += 16 / size) {
    // Lanes beyond the last frame do it again.
    const last = frames - 1 - n;
    let from = y + n * hop * size;
    for (let k = 0, w = window; k < half; k++, w += 2 * size, from += 2 * size) {
      const number = work + k * NUMBER;
      v128.store(number, v128.mul<T>(gather<T>(from, hop * size, last), v128.load_splat<T>(w)));
      const odd = v128.mul<T>(gather<T>(from + size, hop * size, last), v128.load_splat<T>(w + size));
      v128.store(number, odd, IMAGINARY);
    }
    const Z = transform<T>(work, half, roots, sines);
    const toRe = re + n * row;
    const toIm = im + n * row;
    const zero = v128.splat<T>(0 as T);
    const first = v128.load(Z);
    const second = v128.load(Z, IMAGINARY);
    scatter<T>(toRe, v128.add<T>(first, second), row, last);
    scatter<T>(toIm, zero, row, last);
    scatter<T>(toRe + half * size, v128.sub<T>(first, second), row, last);
    scatter<T>(toIm + half * size, zero, row, last);
    const scale = v128.splat<T>(0.5 as T);
    for (let k = 1, j = half - 1; k <= j; k++, j--) {
      const kRe = v128.mul<T>(v128.load(Z + k * NUMBER), scale);
      const kIm = v128.mul<T>(v128.load(Z + k * NUMBER, IMAGINARY), scale);
      const jRe = v128.mul<T>(v128.load(Z + j * NUMBER), scale);
      const jIm = v128.mul<T>(v128.load(Z + j * NUMBER, IMAGINARY), scale);
      const cos = v128.load_splat<T>(roots + k * size);
      const sin = v128.load_splat<T>(sines + k * size);
      const evenRe = v128.add<T>(kRe, jRe);
      const evenIm = v128.sub<T>(kIm, jIm);
      const oddRe = v128.add<T>(kIm, jIm);
      const oddIm = v128.sub<T>(jRe, kRe);
      const turnedRe = v128.sub<T>(v128.mul<T>(cos, oddRe), v128.mul<T>(sin, oddIm));
      const turnedIm = v128.add<T>(v128.mul<T>(cos, oddIm), v128.mul<T>(sin, oddRe));
      scatter<T>(toRe + k * size, v128.add<T>(evenRe, turnedRe), row, last);
      scatter<T>(toIm + k * size, v128.add<T>(evenIm, turnedIm), row, last);
      scatter<T>(toRe + j * size, v128.sub<T>(evenRe, turnedRe), row, last);
      scatter<T>(toIm + j * size, v128.sub<T>(turnedIm, evenIm), row, last);
    }
  }
}

/** Adds the frames of spectra to y. `window` has been divided by the frames' length, which is the inverse's scale. */
// @ts-ignore: a decorator
@inline
function synthesise<T>(
  y: i32, re: i32, im: i32, frames: i32, length: i32, hop: i32, window: i32, roots: i32, work: i32,
): void {
  const size = sizeof<T>() as i32;
  const half = length >> 1;
  const row = (half + 1) * size;
  const sines = roots + length * size;
  for (let n = 0; n < frames; n += 16 / size) {
    const last = frames - 1 - n;
    const fromRe = re + n * row;
    const fromIm = im + n * row;
    const first = gather<T>(fromRe, row, last);
    const second = gather<T>(fromRe + half * size, row, last);
    v128.store(work, v128.sub<T>(first, second));
    v128.store(work, v128.add<T>(first, second), IMAGINARY);
    for (let k = 1, j = half - 1; k <= j; k++, j--) {
      const kRe = gather<T>(fromRe + k * size, row, last);
      const kIm = gather<T>(fromIm + k * size, row, last);
      const jRe = gather<T>(fromRe + j * size, row, last);
      const jIm = gather<T>(fromIm + j * size, row, last);
      const cos = v128.load_splat<T>(roots + k * size);
      const sin = v128.load_splat<T>(sines + k * size);
      const evenRe = v128.add<T>(kRe, jRe);
      const evenIm = v128.sub<T>(kIm, jIm);
      const oddRe = v128.sub<T>(kRe, jRe);
      const oddIm = v128.add<T>(kIm, jIm);
      const turnedRe = v128.add<T>(v128.mul<T>(cos, oddRe), v128.mul<T>(sin, oddIm));
      const turnedIm = v128.sub<T>(v128.mul<T>(cos, oddIm), v128.mul<T>(sin, oddRe));
      v128.store(work + k * NUMBER, v128.add<T>(evenIm, turnedRe));
      v128.store(work + k * NUMBER, v128.sub<T>(evenRe, turnedIm), IMAGINARY);
      v128.store(work + j * NUMBER, v128.sub<T>(turnedRe, evenIm));
      v128.store(work + j * NUMBER, v128.add<T>(evenRe, turnedIm), IMAGINARY);
    }
    const z = transform<T>(work, half, roots, sines);
    // What the transform does not need any more takes the frames, one after the other.
    const free = z == work ? work + half * NUMBER : work;
    const frame = length * size;
    for (let k = 0; k < half; k++) {
      scatter<T>(free + 2 * k * size, v128.load(z + k * NUMBER, IMAGINARY), frame, 3);
      scatter<T>(free + 2 * k * size + size, v128.load(z + k * NUMBER), frame, 3);
    }
    for (let lane = 0; lane < 16 / size && lane <= last; lane++) {
      let to = y + (n + lane) * hop * size;
      for (let i = 0; i < frame; i += 16, to += 16) {
        const more = v128.mul<T>(v128.load(free + lane * frame + i), v128.load(window + i));
        v128.store(to, v128.add<T>(v128.load(to), more));
      }
    }
  }
}

/** Transforms `count` numbers, a power of two, and says where they are: at z, or `count` numbers behind it. */
function transform<T>(z: i32, count: i32, roots: i32, sines: i32): i32 {
  const size = sizeof<T>() as i32;
  let from = z;
  let to = z + count * NUMBER;
  let stride = 1;
  for (; 4 * stride <= count; stride *= 4) {
    const groups = count / stride / 4;
    const apart = groups * stride * NUMBER;
    const step = stride * NUMBER;
    for (let p = 0; p < groups; p++) {
      const turn = 2 * stride * p * size;
      const c1 = v128.load_splat<T>(roots + turn);
      const c2 = v128.load_splat<T>(roots + 2 * turn);
      const c3 = v128.load_splat<T>(roots + 3 * turn);
      const s1 = v128.load_splat<T>(sines + turn);
      const s2 = v128.load_splat<T>(sines + 2 * turn);
      const s3 = v128.load_splat<T>(sines + 3 * turn);
      let a = from + p * step;
      let out = to + 4 * p * step;
      for (const end = a + step; a < end; a += NUMBER, out += NUMBER) {
        const b = a + apart;
        const c = b + apart;
        const d = c + apart;
        const sumRe = v128.add<T>(v128.load(a), v128.load(c));
        const sumIm = v128.add<T>(v128.load(a, IMAGINARY), v128.load(c, IMAGINARY));
        const difRe = v128.sub<T>(v128.load(a), v128.load(c));
        const difIm = v128.sub<T>(v128.load(a, IMAGINARY), v128.load(c, IMAGINARY));
        const nextRe = v128.add<T>(v128.load(b), v128.load(d));
        const nextIm = v128.add<T>(v128.load(b, IMAGINARY), v128.load(d, IMAGINARY));
        // The difference of the second and the fourth, turned by -90 degrees.
        const turnRe = v128.sub<T>(v128.load(b, IMAGINARY), v128.load(d, IMAGINARY));
        const turnIm = v128.sub<T>(v128.load(d), v128.load(b));
        v128.store(out, v128.add<T>(sumRe, nextRe));
        v128.store(out, v128.add<T>(sumIm, nextIm), IMAGINARY);
        turned<T>(out + step, v128.add<T>(difRe, turnRe), v128.add<T>(difIm, turnIm), c1, s1);
        turned<T>(out + 2 * step, v128.sub<T>(sumRe, nextRe), v128.sub<T>(sumIm, nextIm), c2, s2);
        turned<T>(out + 3 * step, v128.sub<T>(difRe, turnRe), v128.sub<T>(difIm, turnIm), c3, s3);
      }
    }
    const other = from;
    from = to;
    to = other;
  }
  if (stride == count) return from;
  // Twice as many as a power of four: the two halves are left, and need no turning.
  const apart = stride * NUMBER;
  for (let at = 0; at < apart; at += 16) {
    const a = v128.load(from + at);
    const b = v128.load(from + at + apart);
    v128.store(to + at, v128.add<T>(a, b));
    v128.store(to + at + apart, v128.sub<T>(a, b));
  }
  return to;
}

// @ts-ignore: a decorator
@inline
function turned<T>(to: i32, re: v128, im: v128, cos: v128, sin: v128): void {
  v128.store(to, v128.sub<T>(v128.mul<T>(re, cos), v128.mul<T>(im, sin)));
  v128.store(to, v128.add<T>(v128.mul<T>(re, sin), v128.mul<T>(im, cos)), IMAGINARY);
}

/** One number from each lane's row; from the last row where there are no more. */
// @ts-ignore: a decorator
@inline
function gather<T>(from: i32, row: i32, last: i32): v128 {
  let v = v128.load_splat<T>(from);
  v = v128.load_lane<T>(from + min(1, last) * row, v, 1);
  if (sizeof<T>() == 8) return v;
  v = v128.load_lane<T>(from + min(2, last) * row, v, 2);
  return v128.load_lane<T>(from + min(3, last) * row, v, 3);
}

/** One number to each lane's row. */
// @ts-ignore: a decorator
@inline
function scatter<T>(to: i32, v: v128, row: i32, last: i32): void {
  v128.store_lane<T>(to, v, 0);
  v128.store_lane<T>(to + min(1, last) * row, v, 1);
  if (sizeof<T>() == 8) return;
  v128.store_lane<T>(to + min(2, last) * row, v, 2);
  v128.store_lane<T>(to + min(3, last) * row, v, 3);
}
