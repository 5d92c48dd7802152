/**
 * Moves labels apart: positions in the order given by `wanted`, each pair at least `spacing` apart, all within
 * [`low`, `high`] where they fit, the sum of squared shifts least (pool adjacent violators). Pixels throughout.
 */
export function placeLabels(wanted: readonly number[], spacing: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]! || a - b);
  // After subtracting rank * spacing, the constraint is monotone order, which pooling by means solves.
  const pools: { sum: number; count: number }[] = [];
  for (const [rank, i] of order.entries()) {
    pools.push({ sum: wanted[i]! - rank * spacing, count: 1 });
    while (pools.length > 1) {
      const last = pools[pools.length - 1]!;
      const previous = pools[pools.length - 2]!;
      if (previous.sum / previous.count <= last.sum / last.count) break;
      pools.splice(-2, 2, { sum: previous.sum + last.sum, count: previous.count + last.count });
    }
  }
  const top = high - Math.max(0, wanted.length - 1) * spacing;
  const placed = new Array<number>(wanted.length);
  let rank = 0;
  for (const { sum, count } of pools) {
    const start = Math.max(low, Math.min(sum / count, Math.max(low, top)));
    for (let k = 0; k < count; k++, rank++) placed[order[rank]!] = start + rank * spacing;
  }
  return placed;
}
