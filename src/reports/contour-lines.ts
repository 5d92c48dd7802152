/** A curve of equal value as points [x, y]; a closed one ends where it starts. */
export type ContourLine = readonly (readonly [number, number])[];

/**
 * Lines where a lattice of values crosses `level`, by marching squares with linear interpolation.
 * `values[row][column]` belongs to `y[row]`, `x[column]`.
 */
export function contourLines(
  x: readonly number[],
  y: readonly number[],
  values: readonly (readonly number[])[],
  level: number,
): ContourLine[] {
  const columns = x.length;
  const points = new Map<number, readonly [number, number]>();
  const neighbours = new Map<number, number[]>();
  // An edge has one name from both of its cells: twice the index of its lower node, plus one where it runs upwards.
  const horizontal = (row: number, column: number) => 2 * (row * columns + column);
  const vertical = (row: number, column: number) => 2 * (row * columns + column) + 1;
  const share = (a: number, b: number) => (level - a) / (b - a);
  const join = (a: number, b: number) => {
    neighbours.set(a, [...(neighbours.get(a) ?? []), b]);
    neighbours.set(b, [...(neighbours.get(b) ?? []), a]);
  };
  for (let row = 0; row + 1 < y.length; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const a = values[row]![column]!;
      const b = values[row]![column + 1]!;
      const c = values[row + 1]![column + 1]!;
      const d = values[row + 1]![column]!;
      const crossings: number[] = [];
      const cross = (edge: number, from: number, to: number, at: (s: number) => readonly [number, number]) => {
        if (from >= level === to >= level) return;
        points.set(edge, at(share(from, to)));
        crossings.push(edge);
      };
      const [left, right, low, high] = [x[column]!, x[column + 1]!, y[row]!, y[row + 1]!];
      cross(horizontal(row, column), a, b, (s) => [left + s * (right - left), low]);
      cross(vertical(row, column + 1), b, c, (s) => [right, low + s * (high - low)]);
      cross(horizontal(row + 1, column), d, c, (s) => [left + s * (right - left), high]);
      cross(vertical(row, column), a, d, (s) => [left, low + s * (high - low)]);
      if (crossings.length === 2) join(crossings[0]!, crossings[1]!);
      if (crossings.length === 4) {
        // Saddle: the mean of the corners says which two corners are cut off.
        const isCentreAbove = (a + b + c + d) / 4 >= level;
        const pairs = isCentreAbove === a >= level ? [0, 1, 2, 3] : [0, 3, 1, 2];
        join(crossings[pairs[0]!]!, crossings[pairs[1]!]!);
        join(crossings[pairs[2]!]!, crossings[pairs[3]!]!);
      }
    }
  }
  return stitch(points, neighbours);
}

/** Joins the pieces to lines: open ones from their ends, then the closed ones. */
function stitch(points: Map<number, readonly [number, number]>, neighbours: Map<number, number[]>): ContourLine[] {
  const lines: ContourLine[] = [];
  const follow = (start: number) => {
    const line: (readonly [number, number])[] = [];
    let at: number | undefined = start;
    while (at !== undefined) {
      line.push(points.get(at)!);
      const here: number = at;
      const next: number | undefined = neighbours.get(here)?.pop();
      if (next !== undefined) {
        const back = neighbours.get(next)!;
        back.splice(back.indexOf(here), 1);
      }
      at = next;
    }
    if (line.length > 1) lines.push(line);
  };
  for (const [edge, others] of neighbours) if (others.length === 1) follow(edge);
  for (const edge of neighbours.keys()) if (neighbours.get(edge)!.length > 0) follow(edge);
  return lines;
}
