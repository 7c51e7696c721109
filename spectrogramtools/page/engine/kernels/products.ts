// How alike are frames? The products of each frame with each other one.
//
// In float32 only a few products are added, and such sums are added in double precision: so the result is as exact as
// the frames are, and rounding does not decide which of two frames is more like a third.

// Bytes of a frame that are multiplied before their sum is added to the others.
const CHUNK: i32 = 256;

/**
 * Of the frames from `first` on, so many as there are `rows`, the products with all from `from` up to the last, a row
 * of `frames` doubles for each at `out`. A frame has `stride` bytes, a multiple of 16.
 */
export function products(A: i32, stride: i32, frames: i32, first: i32, rows: i32, from: i32, out: i32): void {
  const last = first + rows - 1;
  for (let i = first; i <= last; i += 2) {
    // Two frames with four others at a time. Beyond the last frame it is done again.
    const next = min(i + 1, last);
    const toA = out + (((i - first) * frames) << 3);
    const toB = out + (((next - first) * frames) << 3);
    for (let j = from; j < frames; j += 4) {
      const j1 = min(j + 1, frames - 1);
      const j2 = min(j + 2, frames - 1);
      const j3 = min(j + 3, frames - 1);
      let a = A + i * stride;
      let b = A + next * stride;
      let c = A + j * stride;
      let d = A + j1 * stride;
      let e = A + j2 * stride;
      let f = A + j3 * stride;
      let AC: f64 = 0;
      let AD: f64 = 0;
      let AE: f64 = 0;
      let AF: f64 = 0;
      let BC: f64 = 0;
      let BD: f64 = 0;
      let BE: f64 = 0;
      let BF: f64 = 0;
      for (let done = 0; done < stride; done += CHUNK) {
        let ac = f32x4.splat(0);
        let ad = ac;
        let ae = ac;
        let af = ac;
        let bc = ac;
        let bd = ac;
        let be = ac;
        let bf = ac;
        for (const end = a + min(CHUNK, stride - done); a < end; a += 16, b += 16, c += 16, d += 16, e += 16, f += 16) {
          const va = v128.load(a);
          const vb = v128.load(b);
          const vc = v128.load(c);
          ac = f32x4.add(ac, f32x4.mul(va, vc));
          bc = f32x4.add(bc, f32x4.mul(vb, vc));
          const vd = v128.load(d);
          ad = f32x4.add(ad, f32x4.mul(va, vd));
          bd = f32x4.add(bd, f32x4.mul(vb, vd));
          const ve = v128.load(e);
          ae = f32x4.add(ae, f32x4.mul(va, ve));
          be = f32x4.add(be, f32x4.mul(vb, ve));
          const vf = v128.load(f);
          af = f32x4.add(af, f32x4.mul(va, vf));
          bf = f32x4.add(bf, f32x4.mul(vb, vf));
        }
        AC += sum(ac);
        AD += sum(ad);
        AE += sum(ae);
        AF += sum(af);
        BC += sum(bc);
        BD += sum(bd);
        BE += sum(be);
        BF += sum(bf);
      }
      store<f64>(toA + (j << 3), AC);
      store<f64>(toA + (j1 << 3), AD);
      store<f64>(toA + (j2 << 3), AE);
      store<f64>(toA + (j3 << 3), AF);
      store<f64>(toB + (j << 3), BC);
      store<f64>(toB + (j1 << 3), BD);
      store<f64>(toB + (j2 << 3), BE);
      store<f64>(toB + (j3 << 3), BF);
    }
  }
}

// @ts-ignore: a decorator
@inline
function sum(v: v128): f64 {
  const half = f32x4.add(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return (f32x4.extract_lane(half, 0) + f32x4.extract_lane(half, 1)) as f64;
}
