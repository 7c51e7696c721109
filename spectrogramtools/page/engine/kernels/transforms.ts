// Many Fourier transforms of one length, any length, four at a time, each in a lane of its own.
//
// As in fft.js: the length is split into factors, each stage writes in the order in which the next one reads, and what
// has too large a factor is done as a convolution with a chirp. An inverse is the transform with real and imaginary
// parts swapped.

// Bytes of a complex number: the real parts of all lanes, then the imaginary parts.
const NUMBER: i32 = 32;
const IMAGINARY: i32 = 16;

/**
 * Transforms in place. A transform has `count` numbers, `step` bytes apart; there are so `many`, `apart` bytes from one
 * to the next.
 *
 * It is done at `length`, the product of the `radices` (after which comes a 0); `roots` holds the cosines of one turn
 * in so many steps, and then the sines, negative. Where that is another length than `count`, `chirp` holds `count` real
 * and as many imaginary parts, and the real and imaginary parts of the spectrum of what is convolved with, divided by
 * `length`. `work` has room for twice `length` numbers of four lanes.
 */
export function transforms(
  re: i32, im: i32, count: i32, step: i32, many: i32, apart: i32,
  length: i32, radices: i32, roots: i32, chirp: i32, work: i32,
): void {
  const other = work + length * NUMBER;
  const chirped = length != count;
  const chirpIm = chirp + (count << 2);
  const filterRe = chirp + (count << 3);
  const filterIm = filterRe + (length << 2);
  for (let first = 0; first < many; first += 4) {
    // Lanes beyond the last transform do it again.
    const last = many - 1 - first;
    const toRe = re + first * apart;
    const toIm = im + first * apart;
    for (let k = 0; k < count; k++) {
      const a = gather(toRe + k * step, apart, last);
      const b = gather(toIm + k * step, apart, last);
      if (chirped) times(work + k * NUMBER, a, b, k, chirp, chirpIm);
      else put(work + k * NUMBER, a, b);
    }
    let z: i32;
    if (chirped) {
      memory.fill(work + count * NUMBER, 0, (length - count) * NUMBER);
      z = transform(work, other, length, radices, roots);
      for (let k = 0; k < length; k++) {
        const at = z + k * NUMBER;
        times(at, real(at), imaginary(at), k, filterRe, filterIm);
        put(at, imaginary(at), real(at));
      }
      z = transform(z, z == work ? other : work, length, radices, roots);
      for (let k = 0; k < count; k++) {
        const at = z + k * NUMBER;
        times(at, imaginary(at), real(at), k, chirp, chirpIm);
      }
    } else {
      z = transform(work, other, length, radices, roots);
    }
    for (let k = 0; k < count; k++) {
      scatter(toRe + k * step, real(z + k * NUMBER), apart, last);
      scatter(toIm + k * step, imaginary(z + k * NUMBER), apart, last);
    }
  }
}

/** From one place to the other and back; says where it ended. */
function transform(from: i32, to: i32, length: i32, radices: i32, roots: i32): i32 {
  const sines = roots + (length << 2);
  let stride = 1;
  for (; load<i32>(radices) != 0; radices += 4) {
    const radix = load<i32>(radices);
    if (radix == 4) byFour(from, to, length, stride, roots, sines);
    else if (radix == 2) byTwo(from, to, length, stride, roots, sines);
    else byOdd(from, to, length, stride, radix, roots, sines);
    stride *= radix;
    const other = from;
    from = to;
    to = other;
  }
  return from;
}

function byTwo(from: i32, to: i32, length: i32, stride: i32, roots: i32, sines: i32): void {
  const groups = length / stride / 2;
  const apart = groups * stride * NUMBER;
  const step = stride * NUMBER;
  for (let p = 0; p < groups; p++) {
    const turn = (p * stride) << 2;
    const c = v128.load_splat<f32>(roots + turn);
    const s = v128.load_splat<f32>(sines + turn);
    let a = from + p * step;
    let out = to + 2 * p * step;
    for (const end = a + step; a < end; a += NUMBER, out += NUMBER) {
      const b = a + apart;
      put(out, f32x4.add(real(a), real(b)), f32x4.add(imaginary(a), imaginary(b)));
      turned(out + step, f32x4.sub(real(a), real(b)), f32x4.sub(imaginary(a), imaginary(b)), c, s);
    }
  }
}

function byFour(from: i32, to: i32, length: i32, stride: i32, roots: i32, sines: i32): void {
  const groups = length / stride / 4;
  const apart = groups * stride * NUMBER;
  const step = stride * NUMBER;
  for (let p = 0; p < groups; p++) {
    const turn = (p * stride) << 2;
    const c1 = v128.load_splat<f32>(roots + turn);
    const c2 = v128.load_splat<f32>(roots + 2 * turn);
    const c3 = v128.load_splat<f32>(roots + 3 * turn);
    const s1 = v128.load_splat<f32>(sines + turn);
    const s2 = v128.load_splat<f32>(sines + 2 * turn);
    const s3 = v128.load_splat<f32>(sines + 3 * turn);
    let a = from + p * step;
    let out = to + 4 * p * step;
    for (const end = a + step; a < end; a += NUMBER, out += NUMBER) {
      const b = a + apart;
      const c = b + apart;
      const d = c + apart;
      const sumRe = f32x4.add(real(a), real(c));
      const sumIm = f32x4.add(imaginary(a), imaginary(c));
      const difRe = f32x4.sub(real(a), real(c));
      const difIm = f32x4.sub(imaginary(a), imaginary(c));
      const nextRe = f32x4.add(real(b), real(d));
      const nextIm = f32x4.add(imaginary(b), imaginary(d));
      // The difference of the second and the fourth, turned by -90 degrees.
      const turnRe = f32x4.sub(imaginary(b), imaginary(d));
      const turnIm = f32x4.sub(real(d), real(b));
      put(out, f32x4.add(sumRe, nextRe), f32x4.add(sumIm, nextIm));
      turned(out + step, f32x4.add(difRe, turnRe), f32x4.add(difIm, turnIm), c1, s1);
      turned(out + 2 * step, f32x4.sub(sumRe, nextRe), f32x4.sub(sumIm, nextIm), c2, s2);
      turned(out + 3 * step, f32x4.sub(difRe, turnRe), f32x4.sub(difIm, turnIm), c3, s3);
    }
  }
}

function byOdd(from: i32, to: i32, length: i32, stride: i32, radix: i32, roots: i32, sines: i32): void {
  const groups = length / stride / radix;
  const apart = groups * stride * NUMBER;
  const step = stride * NUMBER;
  const half = radix >> 1;
  const unit = length / radix;
  for (let p = 0; p < groups; p++) {
    let a = from + p * step;
    let out = to + radix * p * step;
    for (const end = a + step; a < end; a += NUMBER, out += NUMBER) {
      let allRe = real(a);
      let allIm = imaginary(a);
      for (let t = 1; t < radix; t++) {
        allRe = f32x4.add(allRe, real(a + t * apart));
        allIm = f32x4.add(allIm, imaginary(a + t * apart));
      }
      put(out, allRe, allIm);
      // Bins j and radix - j differ in the sign of their sines alone.
      for (let j = 1; j <= half; j++) {
        let evenRe = real(a);
        let evenIm = imaginary(a);
        let oddRe = f32x4.splat(0);
        let oddIm = oddRe;
        let turn = j;
        for (let t = 1; t <= half; t++) {
          const here = a + t * apart;
          const there = a + (radix - t) * apart;
          const c = v128.load_splat<f32>(roots + ((turn * unit) << 2));
          const s = v128.load_splat<f32>(sines + ((turn * unit) << 2));
          evenRe = f32x4.add(evenRe, f32x4.mul(f32x4.add(real(here), real(there)), c));
          evenIm = f32x4.add(evenIm, f32x4.mul(f32x4.add(imaginary(here), imaginary(there)), c));
          oddRe = f32x4.sub(oddRe, f32x4.mul(f32x4.sub(imaginary(here), imaginary(there)), s));
          oddIm = f32x4.add(oddIm, f32x4.mul(f32x4.sub(real(here), real(there)), s));
          turn += j;
          if (turn >= radix) turn -= radix;
        }
        const to = p * stride * j;
        const back = p * stride * (radix - j);
        times(out + j * step, f32x4.add(evenRe, oddRe), f32x4.add(evenIm, oddIm), to, roots, sines);
        times(out + (radix - j) * step, f32x4.sub(evenRe, oddRe), f32x4.sub(evenIm, oddIm), back, roots, sines);
      }
    }
  }
}

/** The product with the number that is at place k of two lists. */
// @ts-ignore: a decorator
@inline
function times(to: i32, re: v128, im: v128, k: i32, reals: i32, imaginaries: i32): void {
  turned(to, re, im, v128.load_splat<f32>(reals + (k << 2)), v128.load_splat<f32>(imaginaries + (k << 2)));
}

// @ts-ignore: a decorator
@inline
function turned(to: i32, re: v128, im: v128, cos: v128, sin: v128): void {
  put(to, f32x4.sub(f32x4.mul(re, cos), f32x4.mul(im, sin)), f32x4.add(f32x4.mul(re, sin), f32x4.mul(im, cos)));
}

// @ts-ignore: a decorator
@inline
function real(at: i32): v128 {
  return v128.load(at);
}

// @ts-ignore: a decorator
@inline
function imaginary(at: i32): v128 {
  return v128.load(at, IMAGINARY);
}

// @ts-ignore: a decorator
@inline
function put(at: i32, re: v128, im: v128): void {
  v128.store(at, re);
  v128.store(at, im, IMAGINARY);
}

/** A number of each lane; of the last one where there are no more. */
// @ts-ignore: a decorator
@inline
function gather(from: i32, apart: i32, last: i32): v128 {
  let v = v128.load_splat<f32>(from);
  v = v128.load_lane<f32>(from + min(1, last) * apart, v, 1);
  v = v128.load_lane<f32>(from + min(2, last) * apart, v, 2);
  return v128.load_lane<f32>(from + min(3, last) * apart, v, 3);
}

// @ts-ignore: a decorator
@inline
function scatter(to: i32, v: v128, apart: i32, last: i32): void {
  v128.store_lane<f32>(to, v, 0);
  v128.store_lane<f32>(to + min(1, last) * apart, v, 1);
  v128.store_lane<f32>(to + min(2, last) * apart, v, 2);
  v128.store_lane<f32>(to + min(3, last) * apart, v, 3);
}
