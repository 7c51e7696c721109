// Running medians, eight neighbouring lanes at a time.
//
// The rows of a lane are cut into pieces as long as the window, so that every window is the end of one piece and the
// beginning of the next. Each end is the next one and one row more, each beginning the last one and one row more, so
// both are easily kept sorted. Of two sorted columns the median is found without sorting them together: to have the
// `middle` smallest take i from one and middle - i from the other; the largest taken is the median if i is right and
// larger if not, so it is the smallest over all i.
//
// A sorted column has eight lanes at each place; place 0 stands for taking nothing, places 1, 2 ... hold values in
// ascending order, no more than the middle needs, and the place after the last holds infinity.

const LANES: i32 = 8;
const PLACE: i32 = 32; // bytes

const NOTHING = f32x4.splat(-Infinity);
const EVERYTHING = f32x4.splat(Infinity);

/** In place; `work` has room for rows and sorted columns. */
export function medianAcrossTime(A: i32, bins: i32, frames: i32, width: i32, reflect: bool, work: i32): void {
  const rows = work + (width / 2) * PLACE;
  const stride = bins << 2;
  for (let first = 0; first < bins; first += LANES) {
    const from = A + (first << 2);
    for (let n = 0; n < frames; n++) put(rows + n * PLACE, get(from + n * stride, 0), get(from + n * stride, 16));
    slide(work, frames, width, reflect);
    const lanes = bins - first;
    for (let n = 0; n < frames; n++) {
      const to = from + n * stride;
      const row = work + n * PLACE;
      if (lanes >= LANES) put(to, get(row, 0), get(row, 16));
      else for (let i = 0; i < lanes; i++) store<f32>(to + (i << 2), load<f32>(row + (i << 2)));
    }
  }
}

/** In place; what lies behind A has room for eight frames, and `work` for rows and sorted columns. */
export function medianAcrossFrequency(A: i32, bins: i32, frames: i32, width: i32, reflect: bool, work: i32): void {
  const rows = work + (width / 2) * PLACE;
  const stride = bins << 2;
  for (let first = 0; first < frames; first += LANES) {
    const from = A + first * stride;
    for (let k = 0; k < bins; k += 4) {
      for (let half = 0; half < 2; half++) {
        turn(from + 4 * half * stride + (k << 2), stride, rows + k * PLACE + 16 * half, PLACE);
      }
    }
    slide(work, bins, width, reflect);
    const whole = bins & ~3;
    for (let k = 0; k < whole; k += 4) {
      for (let half = 0; half < 2; half++) {
        turn(work + k * PLACE + 16 * half, PLACE, from + 4 * half * stride + (k << 2), stride);
      }
    }
    for (let k = whole; k < bins; k++) {
      for (let i = 0; i < LANES; i++) {
        store<f32>(from + i * stride + (k << 2), load<f32>(work + k * PLACE + (i << 2)));
      }
    }
  }
}

/**
 * For each list (a count, and so many frames of A) the median of its frames, one after the other at `out`. Of an even
 * number of values it is the mean of the two in the middle.
 */
export function medianOfFrames(A: i32, bins: i32, lists: i32, count: i32, out: i32, sorted: i32): void {
  const stride = bins << 2;
  for (let list = 0; list < count; list++, out += stride) {
    const n = load<i32>(lists);
    const low = (n + 1) / 2;
    const high = n / 2 + 1;
    for (let first = 0; first < bins; first += LANES) {
      const at = first << 2;
      clear(sorted);
      for (let i = 0; i < n; i++) {
        const from = A + load<i32>(lists + ((i + 1) << 2)) * stride + at;
        insert(sorted, sorted, get(from, 0), get(from, 16), min(i + 1, high), high);
      }
      const here = sorted + low * PLACE;
      const next = sorted + high * PLACE;
      const left = low == high ? get(here, 0) : middle(get(here, 0), get(next, 0));
      const right = low == high ? get(here, 16) : middle(get(here, 16), get(next, 16));
      if (bins - first >= LANES) {
        put(out + at, left, right);
      } else {
        put(sorted, left, right);
        for (let k = at; k < stride; k += 4) store<f32>(out + k, load<f32>(sorted + k - at));
      }
    }
    lists += (n + 1) << 2;
  }
}

/** Medians of n rows that lie from place width / 2 of `rows` on; they take the places from 0 on. */
function slide(rows: i32, n: i32, width: i32, reflect: bool): void {
  const half = width / 2;
  for (let i = 1; i <= half; i++) {
    edge(rows, half - i, half, n, reflect);
    edge(rows, half + n - 1 + i, half, n, reflect);
  }
  const most = half + 1;
  const column = (most + 2) * PLACE;
  const pieces = (n + width - 1) / width;
  const ends = rows + (pieces + 1) * width * PLACE;
  const beginning = ends + (width + 1) * column;
  for (let piece = 0; piece < pieces; piece++) {
    const here = rows + piece * width * PLACE;
    const there = here + width * PLACE;
    clear(ends + width * column);
    clear(beginning);
    for (let k = width - 1; k >= 0; k--) {
      const end = ends + k * column;
      insert(end + column, end, get(here + k * PLACE, 0), get(here + k * PLACE, 16), min(width - k, most), most);
    }
    const windows = min(width, n - piece * width);
    for (let k = 0; k < windows; k++) {
      const fewest = max(0, most - k);
      let end = ends + k * column + fewest * PLACE;
      let start = beginning + (most - fewest) * PLACE;
      let left = EVERYTHING;
      let right = EVERYTHING;
      for (let i = min(width - k, most) - fewest; i >= 0; i--, end += PLACE, start -= PLACE) {
        left = f32x4.pmin(left, f32x4.pmax(get(end, 0), get(start, 0)));
        right = f32x4.pmin(right, f32x4.pmax(get(end, 16), get(start, 16)));
      }
      put(here + k * PLACE, left, right);
      insert(beginning, beginning, get(there + k * PLACE, 0), get(there + k * PLACE, 16), min(k + 1, most), most);
    }
  }
}

/** A row beyond the borders: the rows mirrored there, or zeros. */
// @ts-ignore: a decorator
@inline
function edge(rows: i32, row: i32, half: i32, n: i32, reflect: bool): void {
  let place = (((row - half) % (2 * n)) + 2 * n) % (2 * n);
  if (place >= n) place = 2 * n - 1 - place;
  const from = rows + (half + place) * PLACE;
  const zero = f32x4.splat(0);
  put(rows + row * PLACE, reflect ? get(from, 0) : zero, reflect ? get(from, 16) : zero);
}

// @ts-ignore: a decorator
@inline
function clear(column: i32): void {
  put(column, NOTHING, NOTHING);
  put(column + PLACE, EVERYTHING, EVERYTHING);
}

/** Insert a value in each lane of a sorted column. Afterwards `count` places are taken, of `most` that can be. */
// @ts-ignore: a decorator
@inline
function insert(column: i32, to: i32, left: v128, right: v128, count: i32, most: i32): void {
  let belowLeft = NOTHING;
  let belowRight = NOTHING;
  put(to, NOTHING, NOTHING);
  for (let i = 0; i < count; i++) {
    column += PLACE;
    to += PLACE;
    const hereLeft = get(column, 0);
    const hereRight = get(column, 16);
    put(to, f32x4.pmax(belowLeft, f32x4.pmin(hereLeft, left)), f32x4.pmax(belowRight, f32x4.pmin(hereRight, right)));
    belowLeft = hereLeft;
    belowRight = hereRight;
  }
  if (count < most) put(to + PLACE, EVERYTHING, EVERYTHING);
}

/** Halved first: a sum could overflow. */
// @ts-ignore: a decorator
@inline
function middle(a: v128, b: v128): v128 {
  const half = f32x4.splat(0.5);
  return f32x4.add(f32x4.mul(a, half), f32x4.mul(b, half));
}

/** Four numbers from each of four rows, as four rows of one number from each. */
// @ts-ignore: a decorator
@inline
function turn(from: i32, stride: i32, to: i32, step: i32): void {
  const a = v128.load(from);
  const b = v128.load(from + stride);
  const c = v128.load(from + 2 * stride);
  const d = v128.load(from + 3 * stride);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const AB = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const CD = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
  v128.store(to + step, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
  v128.store(to + 2 * step, v128.shuffle<f32>(AB, CD, 0, 1, 4, 5));
  v128.store(to + 3 * step, v128.shuffle<f32>(AB, CD, 2, 3, 6, 7));
}

// @ts-ignore: a decorator
@inline
function get(at: i32, more: i32): v128 {
  return v128.load(at + more);
}

// @ts-ignore: a decorator
@inline
function put(at: i32, left: v128, right: v128): void {
  v128.store(at, left);
  v128.store(at, right, 16);
}
