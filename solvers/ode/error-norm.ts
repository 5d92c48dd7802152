import type { ActiveRows } from "./active-rows.js";
import type { Integration } from "./resolve-integration.js";

/**
 * Root mean square (or root sum of squares) over each group of value / (atol + rtol · max(|a|, |b|)), to `out`.
 *
 * NaN or ∞ where a value or a state b is not finite.
 */
export function scaledNorms(
  value: Float64Array,
  a: Float64Array,
  b: Float64Array,
  { rtol, atol, width }: Integration,
  meanSquare: boolean,
  count: number,
  out: Float64Array,
): void {
  const dimension = atol.length;
  const divisor = meanSquare ? width : 1;
  for (let g = 0, i = 0; g < count; g++) {
    let sum = 0;
    for (const end = i + width; i < end; ) {
      for (let d = 0; d < dimension; d++, i++) {
        const u = Math.abs(a[i]!);
        const v = Math.abs(b[i]!);
        const ratio = value[i]! / (atol[d]! + rtol * (u > v ? u : v));
        // v − v is 0 unless v is not finite: an infinite state must not pass for an error of zero.
        sum += ratio * ratio + (v - v);
      }
    }
    out[g] = Math.sqrt(sum / divisor);
  }
}

/** The component of group g whose error is worst, or the first that is not finite, and whether it was finite; `error` as in `scaledNorms`. */
export function worstComponent(
  error: Float64Array,
  { y, yNext }: ActiveRows,
  { rtol, atol, width }: Integration,
  g: number,
): { readonly component: number; readonly finite: boolean } {
  let component = 0;
  let worst = -1;
  for (let i = 0; i < width; i++) {
    const at = g * width + i;
    const d = i % atol.length;
    const ratio = Math.abs(error[at]!) / (atol[d]! + rtol * Math.max(Math.abs(y[at]!), Math.abs(yNext[at]!)));
    if (!Number.isFinite(ratio) || !Number.isFinite(yNext[at]!)) return { component: d, finite: false };
    if (ratio > worst) [worst, component] = [ratio, d];
  }
  return { component, finite: true };
}
