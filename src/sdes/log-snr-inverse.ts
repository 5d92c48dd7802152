/**
 * Inverts a decreasing λ(t), known on increasing `nodes` with values `lambdas`, by Newton's method kept inside a shrinking bracket.
 *
 * `slope` is λ′(t). Returns NaN for a λ outside the nodes' range by more than rounding; the result is as exact as λ(t) is.
 */
export function timeAtLogSnr(
  lambda: number,
  nodes: Float64Array,
  lambdas: Float64Array,
  logSnr: (t: number) => number,
  slope: (t: number) => number,
): number {
  const last = nodes.length - 1;
  const slack = 1e-13 * Math.max(1, Math.abs(lambda));
  if (!(lambda <= lambdas[0]! + slack && lambda >= lambdas[last]! - slack)) return Number.NaN;
  if (lambda >= lambdas[0]!) return nodes[0]!;
  if (lambda <= lambdas[last]!) return nodes[last]!;
  let below = 0;
  let above = last;
  while (above - below > 1) {
    const middle = (below + above) >> 1;
    if (lambdas[middle]! > lambda) below = middle;
    else above = middle;
  }
  let low = nodes[below]!;
  let high = nodes[above]!;
  let t = low + ((high - low) * (lambdas[below]! - lambda)) / (lambdas[below]! - lambdas[above]!);
  for (let round = 0; round < 100; round++) {
    const gap = logSnr(t) - lambda;
    if (gap === 0) return t;
    if (gap > 0) low = t;
    else high = t;
    const newton = t - gap / slope(t);
    const next = newton > low && newton < high ? newton : low + 0.5 * (high - low);
    if (Math.abs(next - t) <= 2 ** -52 * Math.abs(t)) return next;
    t = next;
  }
  return t;
}
