/**
 * Moves labels apart: in the order of their `wanted` centres, each clear of the next by their `heights`, all centres
 * within [`low`, `high`] where they fit, the sum of squared shifts least (pool adjacent violators). Pixels throughout.
 */
export function placeLabels(
  wanted: readonly number[],
  heights: readonly number[],
  low: number,
  high: number,
): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]! || a - b);
  const offsets: number[] = [];
  for (const [rank, i] of order.entries()) {
    offsets.push(rank === 0 ? 0 : offsets[rank - 1]! + (heights[order[rank - 1]!]! + heights[i]!) / 2);
  }
  // After subtracting the offsets, the constraint is monotone order, which pooling by means solves.
  const pools: { sum: number; count: number }[] = [];
  for (const [rank, i] of order.entries()) {
    pools.push({ sum: wanted[i]! - offsets[rank]!, count: 1 });
    while (pools.length > 1) {
      const last = pools[pools.length - 1]!;
      const previous = pools[pools.length - 2]!;
      if (previous.sum / previous.count <= last.sum / last.count) break;
      pools.splice(-2, 2, { sum: previous.sum + last.sum, count: previous.count + last.count });
    }
  }
  const top = Math.max(low, high - (offsets.at(-1) ?? 0));
  const placed = new Array<number>(wanted.length);
  let rank = 0;
  for (const { sum, count } of pools) {
    const start = Math.max(low, Math.min(sum / count, top));
    for (let k = 0; k < count; k++, rank++) placed[order[rank]!] = start + offsets[rank]!;
  }
  return placed;
}
