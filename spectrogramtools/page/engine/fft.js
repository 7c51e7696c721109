// The discrete Fourier transform in double precision, for any length.
//
// A length is split into its prime factors, four taken at a time where it can be; what has a prime factor beyond
// LARGEST is done as a convolution (Bluestein) at a length that has none. Each stage writes its results in the order in
// which the next one reads them (Stockham), so that nothing has to be put in order at the end. Scaled as in numpy: the
// inverse divides by the length.
//
// Functions: `fft`, `ifft`, `rfft`, `irfft`; `nextFastLength`; `transform`, in place, for those who do many.

/** @typedef {{ re: Float64Array, im: Float64Array }} Complex */
/** @typedef {(re: Float64Array, im: Float64Array) => void} InPlace */
/** @typedef {{ radix: number, groups: number, stride: number, cos: Float64Array, sin: Float64Array }} Stage */

// The largest prime factor that is transformed as such.
export const LARGEST = 50;
// So many lengths are remembered.
const KEPT = 64;

/** @type {Map<number, InPlace>} */
const plans = new Map();
/** @type {Map<number, Complex>} */
const turns = new Map();

/**
 * The DFT of re + i im.
 * @param {ArrayLike<number>} re
 * @param {ArrayLike<number>} im as long as re
 * @returns {Complex} new arrays
 */
export function fft(re, im) {
  const out = { re: Float64Array.from(re), im: Float64Array.from(im) };
  transform(re.length)(out.re, out.im);
  return out;
}

/**
 * The inverse of `fft`.
 * @param {ArrayLike<number>} re
 * @param {ArrayLike<number>} im as long as re
 * @returns {Complex} new arrays
 */
export function ifft(re, im) {
  const out = { re: Float64Array.from(re), im: Float64Array.from(im) };
  inverse(out.re, out.im);
  return out;
}

/**
 * The DFT of real numbers, its bins from 0 to n / 2.
 * @param {ArrayLike<number>} x
 * @param {number} [n] its length: x is cut or filled with zeros
 * @returns {Complex} 1 + floor(n / 2) bins
 */
export function rfft(x, n = x.length) {
  const bins = 1 + Math.floor(n / 2);
  if (n % 2) {
    const whole = { re: new Float64Array(n), im: new Float64Array(n) };
    for (let k = Math.min(n, x.length) - 1; k >= 0; k--) whole.re[k] = x[k];
    transform(n)(whole.re, whole.im);
    return { re: whole.re.slice(0, bins), im: whole.im.slice(0, bins) };
  }
  // Even and odd samples as real and imaginary parts of half as many numbers.
  const half = n / 2;
  const re = new Float64Array(bins);
  const im = new Float64Array(bins);
  for (let k = 0; k < half; k++) {
    re[k] = 2 * k < x.length ? x[2 * k] : 0;
    im[k] = 2 * k + 1 < x.length ? x[2 * k + 1] : 0;
  }
  transform(half)(re.subarray(0, half), im.subarray(0, half));
  const w = unitRoots(n);
  re[half] = re[0] - im[0];
  re[0] += im[0];
  im[0] = 0;
  for (let k = 1, j = half - 1; k <= j; k++, j--) {
    const evenRe = (re[k] + re[j]) / 2;
    const evenIm = (im[k] - im[j]) / 2;
    const oddRe = (im[k] + im[j]) / 2;
    const oddIm = (re[j] - re[k]) / 2;
    const turnedRe = w.re[k] * oddRe - w.im[k] * oddIm;
    const turnedIm = w.re[k] * oddIm + w.im[k] * oddRe;
    re[k] = evenRe + turnedRe;
    im[k] = evenIm + turnedIm;
    re[j] = evenRe - turnedRe;
    im[j] = turnedIm - evenIm;
  }
  return { re, im };
}

/**
 * The inverse of `rfft`. As in numpy, the imaginary parts of bin 0 and, where n is even, of bin n / 2 count for
 * nothing.
 * @param {ArrayLike<number>} re 1 + floor(n / 2) bins
 * @param {ArrayLike<number>} im
 * @param {number} [n] samples to return
 * @returns {Float64Array}
 */
export function irfft(re, im, n = 2 * (re.length - 1)) {
  const x = new Float64Array(n);
  if (n % 2) {
    const y = new Float64Array(n);
    x[0] = re[0];
    for (let k = 1; 2 * k < n; k++) {
      x[k] = x[n - k] = re[k];
      y[k] = im[k];
      y[n - k] = -im[k];
    }
    inverse(x, y);
    return x;
  }
  const half = n / 2;
  const w = unitRoots(n);
  const a = new Float64Array(half);
  const b = new Float64Array(half);
  a[0] = (re[0] + re[half]) / 2;
  b[0] = (re[0] - re[half]) / 2;
  for (let k = 1, j = half - 1; k < half; k++, j--) {
    const oddRe = (re[k] - re[j]) / 2;
    const oddIm = (im[k] + im[j]) / 2;
    a[k] = (re[k] + re[j]) / 2 - (w.re[k] * oddIm - w.im[k] * oddRe);
    b[k] = (im[k] - im[j]) / 2 + (w.re[k] * oddRe + w.im[k] * oddIm);
  }
  inverse(a, b);
  for (let k = 0; k < half; k++) {
    x[2 * k] = a[k];
    x[2 * k + 1] = b[k];
  }
  return x;
}

/**
 * The smallest length of at least n that has no prime factor but 2, 3 and 5: it is transformed fast.
 * @param {number} n
 * @returns {number}
 */
export function nextFastLength(n) {
  let best = 1;
  while (best < n) best *= 2;
  for (let five = 1; five < best; five *= 5) {
    for (let odd = five; odd < best; odd *= 3) {
      let length = odd;
      while (length < n) length *= 2;
      best = Math.min(best, length);
    }
  }
  return best;
}

/**
 * What transforms n complex numbers in place, forward and without scaling. With the arguments swapped it is the inverse
 * times n.
 * @param {number} n
 * @returns {InPlace}
 */
export function transform(n) {
  return kept(plans, n, () => {
    const radices = factors(n);
    return radices.some((radix) => radix > LARGEST) ? byConvolution(n) : inStages(n, radices);
  });
}

/** @type {InPlace} */
function inverse(re, im) {
  transform(re.length)(im, re);
  for (let k = 0; k < re.length; k++) {
    re[k] /= re.length;
    im[k] /= re.length;
  }
}

/**
 * @template T
 * @param {Map<number, T>} map
 * @param {number} n
 * @param {() => T} make
 * @returns {T}
 */
function kept(map, n, make) {
  const found = map.get(n);
  if (found !== undefined) return found;
  if (map.size === KEPT) map.clear();
  const made = make();
  map.set(n, made);
  return made;
}

/**
 * exp(-2 pi i k / n) for k from 0 to n - 1.
 * @param {number} n
 * @returns {Complex}
 */
function unitRoots(n) {
  return kept(turns, n, () => ({
    re: Float64Array.from({ length: n }, (_, k) => Math.cos((2 * Math.PI * k) / n)),
    im: Float64Array.from({ length: n }, (_, k) => -Math.sin((2 * Math.PI * k) / n)),
  }));
}

/**
 * The prime factors of a length, four taken at a time where it can be.
 * @param {number} n
 */
export function factors(n) {
  const found = [];
  for (; n % 4 === 0; n /= 4) found.push(4);
  for (let f = 2; n > 1; f++) {
    if (f * f > n) f = n;
    for (; n % f === 0; n /= f) found.push(f);
  }
  return found;
}

/**
 * @param {number} n
 * @param {number[]} radices
 * @returns {InPlace}
 */
function inStages(n, radices) {
  /** @type {Stage[]} */
  const stages = [];
  let stride = 1;
  for (const radix of radices) {
    const length = n / stride;
    const groups = length / radix;
    const w = unitRoots(length);
    const cos = new Float64Array(groups * radix);
    const sin = new Float64Array(groups * radix);
    for (let p = 0; p < groups; p++) {
      for (let t = 0; t < radix; t++) {
        cos[p * radix + t] = w.re[p * t];
        sin[p * radix + t] = w.im[p * t];
      }
    }
    stages.push({ radix, groups, stride, cos, sin });
    stride *= radix;
  }
  const other = { re: new Float64Array(n), im: new Float64Array(n) };
  return (re, im) => {
    let [fromRe, fromIm, toRe, toIm] = /** @type {Float64Array[]} */ ([re, im, other.re, other.im]);
    for (const stage of stages) {
      const pass = stage.radix === 4 ? byFour : stage.radix === 2 ? byTwo : byOdd;
      pass(stage, fromRe, fromIm, toRe, toIm);
      [fromRe, fromIm, toRe, toIm] = [toRe, toIm, fromRe, fromIm];
    }
    if (fromRe !== re) {
      re.set(fromRe);
      im.set(fromIm);
    }
  };
}

/**
 * @param {Stage} stage
 * @param {Float64Array} re
 * @param {Float64Array} im
 * @param {Float64Array} outRe
 * @param {Float64Array} outIm
 */
function byTwo({ groups, stride, cos, sin }, re, im, outRe, outIm) {
  const apart = groups * stride;
  for (let p = 0; p < groups; p++) {
    const [c, s] = [cos[2 * p + 1], sin[2 * p + 1]];
    for (let at = p * stride, end = at + stride, to = 2 * at; at < end; at++, to++) {
      const dRe = re[at] - re[at + apart];
      const dIm = im[at] - im[at + apart];
      outRe[to] = re[at] + re[at + apart];
      outIm[to] = im[at] + im[at + apart];
      outRe[to + stride] = dRe * c - dIm * s;
      outIm[to + stride] = dRe * s + dIm * c;
    }
  }
}

/**
 * @param {Stage} stage
 * @param {Float64Array} re
 * @param {Float64Array} im
 * @param {Float64Array} outRe
 * @param {Float64Array} outIm
 */
function byFour({ groups, stride, cos, sin }, re, im, outRe, outIm) {
  const apart = groups * stride;
  for (let p = 0; p < groups; p++) {
    const [c1, c2, c3] = [cos[4 * p + 1], cos[4 * p + 2], cos[4 * p + 3]];
    const [s1, s2, s3] = [sin[4 * p + 1], sin[4 * p + 2], sin[4 * p + 3]];
    for (let at = p * stride, end = at + stride, to = 4 * at; at < end; at++, to++) {
      const sumRe = re[at] + re[at + 2 * apart];
      const sumIm = im[at] + im[at + 2 * apart];
      const difRe = re[at] - re[at + 2 * apart];
      const difIm = im[at] - im[at + 2 * apart];
      const nextRe = re[at + apart] + re[at + 3 * apart];
      const nextIm = im[at + apart] + im[at + 3 * apart];
      // The difference of the second and the fourth, turned by -90 degrees.
      const turnRe = im[at + apart] - im[at + 3 * apart];
      const turnIm = re[at + 3 * apart] - re[at + apart];
      outRe[to] = sumRe + nextRe;
      outIm[to] = sumIm + nextIm;
      const [aRe, aIm, bRe, bIm] = [difRe + turnRe, difIm + turnIm, sumRe - nextRe, sumIm - nextIm];
      const [dRe, dIm] = [difRe - turnRe, difIm - turnIm];
      outRe[to + stride] = aRe * c1 - aIm * s1;
      outIm[to + stride] = aRe * s1 + aIm * c1;
      outRe[to + 2 * stride] = bRe * c2 - bIm * s2;
      outIm[to + 2 * stride] = bRe * s2 + bIm * c2;
      outRe[to + 3 * stride] = dRe * c3 - dIm * s3;
      outIm[to + 3 * stride] = dRe * s3 + dIm * c3;
    }
  }
}

/**
 * @param {Stage} stage
 * @param {Float64Array} re
 * @param {Float64Array} im
 * @param {Float64Array} outRe
 * @param {Float64Array} outIm
 */
function byOdd({ radix, groups, stride, cos, sin }, re, im, outRe, outIm) {
  const apart = groups * stride;
  const w = unitRoots(radix);
  const half = (radix - 1) / 2;
  for (let p = 0; p < groups; p++) {
    for (let at = p * stride, end = at + stride, to = radix * at; at < end; at++, to++) {
      let [allRe, allIm] = [re[at], im[at]];
      for (let t = 1; t < radix; t++) {
        allRe += re[at + t * apart];
        allIm += im[at + t * apart];
      }
      outRe[to] = allRe;
      outIm[to] = allIm;
      // Bins j and radix - j differ in the sign of their sines alone.
      for (let j = 1; j <= half; j++) {
        let [evenRe, evenIm, oddRe, oddIm] = [re[at], im[at], 0, 0];
        for (let t = 1, turn = j; t <= half; t++, turn = (turn + j) % radix) {
          const [here, there] = [at + t * apart, at + (radix - t) * apart];
          evenRe += (re[here] + re[there]) * w.re[turn];
          evenIm += (im[here] + im[there]) * w.re[turn];
          oddRe -= (im[here] - im[there]) * w.im[turn];
          oddIm += (re[here] - re[there]) * w.im[turn];
        }
        for (let bin = j, sign = 1; sign >= -1; bin = radix - j, sign -= 2) {
          const [aRe, aIm] = [evenRe + sign * oddRe, evenIm + sign * oddIm];
          const [c, s] = [cos[radix * p + bin], sin[radix * p + bin]];
          outRe[to + bin * stride] = aRe * c - aIm * s;
          outIm[to + bin * stride] = aRe * s + aIm * c;
        }
      }
    }
  }
}

/**
 * Bluestein: with -2 j k = (j - k)^2 - j^2 - k^2 a DFT becomes a convolution with a chirp.
 * @param {number} n
 * @returns {InPlace}
 */
function byConvolution(n) {
  const m = nextFastLength(2 * n - 1);
  const w = unitRoots(2 * n);
  const chirp = { re: new Float64Array(m), im: new Float64Array(m) };
  for (let k = 0; k < n; k++) {
    const turn = (k * k) % (2 * n);
    for (const place of k ? [k, m - k] : [0]) {
      chirp.re[place] = w.re[turn];
      chirp.im[place] = -w.im[turn];
    }
  }
  const { re: cRe, im: cIm } = fft(chirp.re, chirp.im);
  const a = new Float64Array(m);
  const b = new Float64Array(m);
  const whole = transform(m);
  return (re, im) => {
    a.fill(0);
    b.fill(0);
    for (let k = 0; k < n; k++) {
      a[k] = re[k] * chirp.re[k] + im[k] * chirp.im[k];
      b[k] = im[k] * chirp.re[k] - re[k] * chirp.im[k];
    }
    whole(a, b);
    for (let k = 0; k < m; k++) {
      const product = a[k] * cRe[k] - b[k] * cIm[k];
      b[k] = a[k] * cIm[k] + b[k] * cRe[k];
      a[k] = product;
    }
    whole(b, a);
    for (let k = 0; k < n; k++) {
      re[k] = (a[k] * chirp.re[k] + b[k] * chirp.im[k]) / m;
      im[k] = (b[k] * chirp.re[k] - a[k] * chirp.im[k]) / m;
    }
  };
}
