// What is done with the cells of spectrograms, four at a time: masks, and pictures.

/** Two masks of `count` cells: A^p / (A^p + B^p), 0.5 where both are 0, and the rest. */
export function softMasks(A: i32, B: i32, M: i32, rest: i32, count: i32, power: f32): void {
  const one = f32x4.splat(1);
  const exponent = f32x4.splat(power);
  for (let i = 0; i < 4 * count; i += 16) {
    let ratio = f32x4.div(v128.load(B + i), v128.load(A + i));
    if (power != 1) ratio = pow(ratio, exponent);
    const share = f32x4.div(one, f32x4.add(one, ratio));
    const mask = v128.bitselect(share, f32x4.splat(0.5), f32x4.eq(share, share));
    v128.store(M + i, mask);
    v128.store(rest + i, f32x4.sub(one, mask));
  }
}

/** Multiplies, in place. */
export function product(A: i32, B: i32, count: i32): void {
  for (let i = 0; i < 4 * count; i += 16) v128.store(A + i, f32x4.mul(v128.load(A + i), v128.load(B + i)));
}

/** Adds B to A, in place. */
export function sum(A: i32, B: i32, count: i32): void {
  for (let i = 0; i < 4 * count; i += 16) v128.store(A + i, f32x4.add(v128.load(A + i), v128.load(B + i)));
}

/** Whether all cells are 1, to the rounding of a few sums. */
export function areOne(A: i32, count: i32): bool {
  let worst = f32x4.splat(0);
  let i = 0;
  for (; i <= 4 * count - 16; i += 16) {
    worst = f32x4.pmax(worst, f32x4.abs(f32x4.sub(v128.load(A + i), f32x4.splat(1))));
  }
  let most: f32 = 0;
  for (; i < 4 * count; i += 4) most = max(most, abs(load<f32>(A + i) - 1));
  return v128.any_true(f32x4.ge(f32x4.pmax(worst, f32x4.splat(most)), f32x4.splat(1e-6))) == false;
}

/**
 * For each bin the energy (f64) that sticks out of the model, added to `over`, and that which is missing, to `under`.
 * What lies behind both is written to, up to three bins.
 */
export function deviations(A: i32, model: i32, over: i32, under: i32, bins: i32, frames: i32): void {
  const zero = f64x2.splat(0);
  for (let n = 0; n < frames; n++) {
    for (let k = 0; k < bins; k += 4) {
      const at = 4 * (n * bins + k);
      for (let half = 0; half < 2; half++) {
        const a = f64x2.promote_low_f32x4(v128.load64_zero(A + at + 8 * half));
        const b = f64x2.promote_low_f32x4(v128.load64_zero(model + at + 8 * half));
        const place = 8 * (k + 2 * half);
        const out = f64x2.pmax(zero, f64x2.sub(a, b));
        const missing = f64x2.pmax(zero, f64x2.sub(b, a));
        v128.store(over + place, f64x2.add(v128.load(over + place), f64x2.mul(out, out)));
        v128.store(under + place, f64x2.add(v128.load(under + place), f64x2.mul(missing, missing)));
      }
    }
  }
}

/**
 * The background's mask: 1 - trust * (the foreground's share), with a trust and a power for each bin. What lies behind
 * M is written to, up to three cells.
 */
export function fittedMask(A: i32, model: i32, M: i32, trust: i32, powers: i32, bins: i32, frames: i32): void {
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  for (let n = 0; n < frames; n++) {
    for (let k = 0; k < 4 * bins; k += 16) {
      const at = 4 * n * bins + k;
      const a = v128.load(A + at);
      const repeating = f32x4.pmin(a, v128.load(model + at));
      const ratio = pow(f32x4.div(f32x4.sub(a, repeating), repeating), v128.load(powers + k));
      const share = f32x4.div(one, f32x4.add(one, ratio));
      const foreground = v128.bitselect(zero, f32x4.sub(one, share), f32x4.eq(a, zero));
      v128.store(M + at, f32x4.sub(one, f32x4.mul(v128.load(trust + k), foreground)));
    }
  }
}

/**
 * The loudest cell of each cell of a picture: column c has the frames from c * frames / columns on, row r the bins from
 * starts[r] to starts[r + 1]. `column` has room for the bins of a frame and three more.
 */
export function loudestCells(
  A: i32, bins: i32, frames: i32, columns: i32, starts: i32, rows: i32, out: i32, column: i32,
): void {
  for (let c = 0; c < columns; c++) {
    let n = ((c as i64) * frames / columns) as i32;
    const end = (((c + 1) as i64) * frames / columns) as i32;
    memory.copy(column, A + 4 * n * bins, 4 * bins);
    for (n++; n < end; n++) {
      for (let k = 0; k < 4 * bins; k += 16) {
        v128.store(column + k, f32x4.pmax(v128.load(column + k), v128.load(A + 4 * n * bins + k)));
      }
    }
    for (let row = 0; row < rows; row++, out += 4) {
      let k = load<i32>(starts + 4 * row);
      const next = load<i32>(starts + 4 * row, 4);
      let cell = load<f32>(column + 4 * k);
      for (k++; k < next; k++) cell = max(cell, load<f32>(column + 4 * k));
      store<f32>(out, cell);
    }
  }
}

/** In place, floats as bytes: round(255 + steps * log2(cell * scale)), and what is beyond 0 or 255 as these. */
export function levels(cells: i32, count: i32, scale: f32, steps: f32): void {
  const brightest = f32x4.splat(255);
  const least = f32x4.splat(f32.MIN_NORMAL_VALUE);
  for (let i = 0; i < count; i += 4) {
    const cell = f32x4.pmax(f32x4.mul(v128.load(cells + 4 * i), f32x4.splat(scale)), least);
    const level = f32x4.nearest(f32x4.add(brightest, f32x4.mul(log2(cell), f32x4.splat(steps))));
    const whole = i32x4.trunc_sat_f32x4_s(level);
    const words = i16x8.narrow_i32x4_s(whole, whole);
    v128.store32_lane(cells + i, i8x16.narrow_i16x8_u(words, words), 0);
  }
}

/** Of numbers that are not negative; 0 and infinity stay what they are. */
// @ts-ignore: a decorator
@inline
function pow(x: v128, power: v128): v128 {
  const infinity = f32x4.splat(Infinity);
  const zero = f32x4.splat(0);
  const extreme = v128.or(f32x4.eq(x, zero), v128.not(f32x4.lt(x, infinity)));
  return v128.bitselect(x, exp2(f32x4.mul(power, log2(x))), extreme);
}

/** Of normal numbers above 0, to a few ten millionths: Cephes' polynomial around 1. */
// @ts-ignore: a decorator
@inline
function log2(x: v128): v128 {
  // x is 2^e * (1 + f), with 1 + f from the root of a half to that of two.
  const e = i32x4.shr_s(i32x4.sub(x, i32x4.splat(0x3f3504f3)), 23);
  const f = f32x4.sub(i32x4.sub(x, i32x4.shl(e, 23)), f32x4.splat(1));
  let p = f32x4.splat(7.0376836292e-2);
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-1.1514610310e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1.1676998740e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-1.2420140846e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1.4249322787e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-1.6668057665e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(2.0000714765e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-2.4999993993e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(3.3333331174e-1));
  p = f32x4.sub(f32x4.mul(p, f), f32x4.splat(0.5));
  const natural = f32x4.add(f32x4.mul(f32x4.mul(p, f), f), f);
  return f32x4.add(f32x4.mul(natural, f32x4.splat(1.4426950408889634)), f32x4.convert_i32x4_s(e));
}

/** From 0 to infinity, to a few ten millionths: Cephes' polynomial around 0. */
// @ts-ignore: a decorator
@inline
function exp2(x: v128): v128 {
  const within = f32x4.pmax(f32x4.splat(-127), f32x4.pmin(x, f32x4.splat(128)));
  const whole = f32x4.nearest(within);
  const f = f32x4.sub(within, whole);
  let p = f32x4.splat(1.535336188319500e-4);
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1.339887440266574e-3));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(9.618437357674640e-3));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(5.550332471162809e-2));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(2.402264791363012e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(6.931472028550421e-1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(whole), i32x4.splat(127)), 23);
  return f32x4.mul(f32x4.add(f32x4.mul(p, f), f32x4.splat(1)), power);
}
