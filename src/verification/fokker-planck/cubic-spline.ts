/** A C² cubic spline through increasing nodes, continued by parabolas. */
export interface CubicSpline {
  readonly nodes: Float64Array;
  readonly values: Float64Array;
  /** Second derivatives at the nodes. */
  readonly curvatures: Float64Array;
}

/**
 * The spline whose second derivative is constant on the first and last interval, so that a parabola (the log-density of a Gaussian) is
 * met exactly, continuation included. Values to order 4 inside, derivatives to order 3. At least three nodes.
 */
export function cubicSpline(nodes: Float64Array, values: Float64Array): CubicSpline {
  const count = nodes.length;
  const curvatures = new Float64Array(count);
  const ratio = new Float64Array(count);
  // Unknowns 1 … count − 2 with curvatures[0] = curvatures[1] and the same at the end; Thomas elimination.
  for (let i = 1; i < count - 1; i++) {
    const before = nodes[i]! - nodes[i - 1]!;
    const after = nodes[i + 1]! - nodes[i]!;
    const rhs = 6 * ((values[i + 1]! - values[i]!) / after - (values[i]! - values[i - 1]!) / before);
    let diagonal = 2 * (before + after);
    if (i === 1) diagonal += before;
    else diagonal -= before * ratio[i - 1]!;
    if (i === count - 2) diagonal += after;
    ratio[i] = after / diagonal;
    curvatures[i] = (rhs - (i === 1 ? 0 : before * curvatures[i - 1]!)) / diagonal;
  }
  for (let i = count - 3; i >= 1; i--) curvatures[i] = curvatures[i]! - ratio[i]! * curvatures[i + 1]!;
  curvatures[0] = curvatures[1]!;
  curvatures[count - 1] = curvatures[count - 2]!;
  return { nodes, values, curvatures };
}

/** The spline at x, or its first derivative. */
export function evaluateSpline({ nodes, values, curvatures }: CubicSpline, x: number, derivative: 0 | 1): number {
  const last = nodes.length - 1;
  const low = intervalOf(nodes, x);
  const high = low + 1;
  const width = nodes[high]! - nodes[low]!;
  const slope = (values[high]! - values[low]!) / width;
  const left = curvatures[low]!;
  const right = curvatures[high]!;
  if (x < nodes[0]! || x > nodes[last]!) {
    const isLeft = x < nodes[0]!;
    const end = isLeft ? 0 : last;
    const start = isLeft ? slope - (width * (2 * left + right)) / 6 : slope + (width * (left + 2 * right)) / 6;
    const offset = x - nodes[end]!;
    const curvature = curvatures[end]!;
    return derivative === 1 ? start + curvature * offset : values[end]! + offset * (start + 0.5 * curvature * offset);
  }
  const b = (x - nodes[low]!) / width;
  const a = 1 - b;
  if (derivative === 1) return slope + (width / 6) * ((3 * b * b - 1) * right - (3 * a * a - 1) * left);
  const bend = (a * a * a - a) * left + (b * b * b - b) * right;
  return a * values[low]! + b * values[high]! + (width * width * bend) / 6;
}

/** The interval that holds x, or the nearest: looked up where equal spacing puts it, else by bisection. */
export function intervalOf(nodes: Float64Array, x: number): number {
  const last = nodes.length - 1;
  const share = (x - nodes[0]!) / (nodes[last]! - nodes[0]!);
  const guess = Math.min(last - 1, Math.max(0, Math.floor(share * last)));
  if (nodes[guess]! <= x && x < nodes[guess + 1]!) return guess;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (nodes[middle]! <= x) low = middle;
    else high = middle;
  }
  return low;
}
