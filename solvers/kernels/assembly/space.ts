// The twin of src/targets/space-products.ts, the same operations in the same order. Rows and means are `quads` × 4 numbers wide,
// filled up with zeros, which add nothing.

@inline
function splatAt(numbers: usize, index: usize): v128 {
  return v128.load64_splat(numbers + (index << 3));
}

/** Writes |α m_k − x_i|² of `pairs` × 2 rows to `out`, rows × components. */
export function squaredDistances(
  x: usize,
  alphas: usize,
  pairs: usize,
  means: usize,
  components: usize,
  quads: usize,
  out: usize,
): void {
  const width = quads << 5;
  for (let pair: usize = 0; pair < pairs; pair++) {
    const alphaA = splatAt(alphas, 2 * pair);
    const alphaB = splatAt(alphas, 2 * pair + 1);
    const a = x + 2 * pair * width;
    const b = a + width;
    const to = out + ((2 * pair * components) << 3);
    for (let k: usize = 0; k < components; k++) {
      const mean = means + k * width;
      let a0 = f64x2.splat(0);
      let a1 = f64x2.splat(0);
      let b0 = f64x2.splat(0);
      let b1 = f64x2.splat(0);
      for (let d: usize = 0; d < width; d += 32) {
        const m0 = v128.load(mean + d);
        const m1 = v128.load(mean + d, 16);
        const da0 = f64x2.sub(f64x2.mul(alphaA, m0), v128.load(a + d));
        const da1 = f64x2.sub(f64x2.mul(alphaA, m1), v128.load(a + d, 16));
        const db0 = f64x2.sub(f64x2.mul(alphaB, m0), v128.load(b + d));
        const db1 = f64x2.sub(f64x2.mul(alphaB, m1), v128.load(b + d, 16));
        a0 = f64x2.add(a0, f64x2.mul(da0, da0));
        a1 = f64x2.add(a1, f64x2.mul(da1, da1));
        b0 = f64x2.add(b0, f64x2.mul(db0, db0));
        b1 = f64x2.add(b1, f64x2.mul(db1, db1));
      }
      const sumA = f64x2.add(a0, a1);
      const sumB = f64x2.add(b0, b1);
      f64.store(to + (k << 3), f64x2.extract_lane(sumA, 0) + f64x2.extract_lane(sumA, 1));
      f64.store(to + ((components + k) << 3), f64x2.extract_lane(sumB, 0) + f64x2.extract_lane(sumB, 1));
    }
  }
}

/** Adds Σ_k w_ik (α m_k − x_i) of each row to `out`; `weights` is rows × components. */
export function addPulls(
  x: usize,
  alphas: usize,
  rows: usize,
  means: usize,
  weights: usize,
  components: usize,
  quads: usize,
  out: usize,
): void {
  const width = quads << 5;
  for (let i: usize = 0; i < rows; i++) {
    const alpha = splatAt(alphas, i);
    const from = x + i * width;
    const to = out + i * width;
    for (let k: usize = 0; k < components; k++) {
      const place = weights + ((i * components + k) << 3);
      if (f64.load(place) == 0) continue;
      const weight = v128.load64_splat(place);
      const mean = means + k * width;
      for (let d: usize = 0; d < width; d += 16) {
        const pull = f64x2.sub(f64x2.mul(alpha, v128.load(mean + d)), v128.load(from + d));
        v128.store(to + d, f64x2.add(v128.load(to + d), f64x2.mul(weight, pull)));
      }
    }
  }
}
