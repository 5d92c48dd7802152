/** A point of a line. */
export interface LinePoint {
  readonly x: number;
  readonly y: number;
}

/** At most `most` points of a line, its peaks kept: of each stretch the lowest and the highest, in order. */
export function thinLine(points: readonly LinePoint[], most: number): readonly LinePoint[] {
  if (points.length <= most) return points;
  const stretches = Math.max(1, Math.floor((most - 2) / 2));
  const inner = points.length - 2;
  const kept: LinePoint[] = [points[0]!];
  for (let k = 0; k < stretches; k++) {
    const from = 1 + Math.floor((k * inner) / stretches);
    const to = 1 + Math.floor(((k + 1) * inner) / stretches);
    let low = from;
    let high = from;
    for (let i = from; i < to; i++) {
      if (points[i]!.y < points[low]!.y) low = i;
      if (points[i]!.y > points[high]!.y) high = i;
    }
    const pair = low === high ? [low] : [Math.min(low, high), Math.max(low, high)];
    kept.push(...pair.map((i) => points[i]!));
  }
  return [...kept, points.at(-1)!];
}
