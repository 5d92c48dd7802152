/**
 * ∫ |F⁻¹ − G⁻¹|ᵖ du between the empirical laws of two ascending arrays of any lengths ≥ 1, p = 1 or 2.
 *
 * Exact but for rounding: the jumps i/n and j/m are compared as the integers i·m and j·n.
 */
export function sortedTransportCost(x: Float64Array, y: Float64Array, power: 1 | 2): number {
  const n = x.length;
  const m = y.length;
  let sum = 0;
  if (n === m) {
    for (let i = 0; i < n; i++) {
      const gap = Math.abs(x[i]! - y[i]!);
      sum += power === 1 ? gap : gap * gap;
    }
    return sum / n;
  }
  let reached = 0;
  for (let i = 0, j = 0; i < n && j < m; ) {
    const nextX = (i + 1) * m;
    const nextY = (j + 1) * n;
    const next = Math.min(nextX, nextY);
    const gap = Math.abs(x[i]! - y[j]!);
    sum += (power === 1 ? gap : gap * gap) * (next - reached);
    reached = next;
    if (nextX === next) i++;
    if (nextY === next) j++;
  }
  return sum / (n * m);
}
