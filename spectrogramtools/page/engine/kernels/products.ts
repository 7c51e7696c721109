// How alike are frames? The products of each frame with each other one.

/**
 * Of the frames from `first` on, so many as there are `rows`, the products with all from `from` up to the last, a row of
 * `frames` numbers for each at `out`. A frame has `stride` bytes, a multiple of 16.
 */
export function products(A: i32, stride: i32, frames: i32, first: i32, rows: i32, from: i32, out: i32): void {
  const lastRow = first + rows - 1;
  for (let i = first; i <= lastRow; i += 2) {
    // Two frames with four others at a time. Beyond the last frame it is done again.
    const next = min(i + 1, lastRow);
    const a = A + i * stride;
    const b = A + next * stride;
    const toA = out + ((i - first) * frames << 2);
    const toB = out + ((next - first) * frames << 2);
    for (let j = from; j < frames; j += 4) {
      const j1 = min(j + 1, frames - 1);
      const j2 = min(j + 2, frames - 1);
      const j3 = min(j + 3, frames - 1);
      const c = A + j * stride;
      const d = A + j1 * stride;
      const e = A + j2 * stride;
      const f = A + j3 * stride;
      let ac = f32x4.splat(0);
      let ad = ac;
      let ae = ac;
      let af = ac;
      let bc = ac;
      let bd = ac;
      let be = ac;
      let bf = ac;
      for (let k = 0; k < stride; k += 16) {
        const va = v128.load(a + k);
        const vb = v128.load(b + k);
        const vc = v128.load(c + k);
        ac = f32x4.add(ac, f32x4.mul(va, vc));
        bc = f32x4.add(bc, f32x4.mul(vb, vc));
        const vd = v128.load(d + k);
        ad = f32x4.add(ad, f32x4.mul(va, vd));
        bd = f32x4.add(bd, f32x4.mul(vb, vd));
        const ve = v128.load(e + k);
        ae = f32x4.add(ae, f32x4.mul(va, ve));
        be = f32x4.add(be, f32x4.mul(vb, ve));
        const vf = v128.load(f + k);
        af = f32x4.add(af, f32x4.mul(va, vf));
        bf = f32x4.add(bf, f32x4.mul(vb, vf));
      }
      store<f32>(toA + (j << 2), sum(ac));
      store<f32>(toA + (j1 << 2), sum(ad));
      store<f32>(toA + (j2 << 2), sum(ae));
      store<f32>(toA + (j3 << 2), sum(af));
      store<f32>(toB + (j << 2), sum(bc));
      store<f32>(toB + (j1 << 2), sum(bd));
      store<f32>(toB + (j2 << 2), sum(be));
      store<f32>(toB + (j3 << 2), sum(bf));
    }
  }
}

// @ts-ignore: a decorator
@inline
function sum(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}
