import { gaussLegendre } from "../math/gauss-legendre.js";

/** Exact to rounding for a polynomial of degree 3 times an exponential that grows by e²⁰ over the interval. */
const RULE = 32;

/**
 * Weights w_j with Σ w_j m(v_j) = ∫_from^to kernel(v) p(v) dv, where p is the polynomial through the values m(v_j) at the nodes.
 *
 * Adams–Bashforth where all nodes lie before the interval, Adams–Moulton where one is its end.
 *
 * @param nodes different numbers, at most 4
 */
export function adamsWeights(
  nodes: readonly number[],
  from: number,
  to: number,
  kernel: (v: number) => number,
): number[] {
  const rule = gaussLegendre(RULE);
  const weights = nodes.map(() => 0);
  const half = 0.5 * (to - from);
  for (let i = 0; i < RULE; i++) {
    const v = from + half * (1 + rule.nodes[i]!);
    const part = half * rule.weights[i]! * kernel(v);
    for (let j = 0; j < nodes.length; j++) weights[j] = weights[j]! + part * lagrange(nodes, j, v);
  }
  return weights;
}

/** The polynomial that is 1 at node j and 0 at the others. */
function lagrange(nodes: readonly number[], j: number, v: number): number {
  let value = 1;
  for (let k = 0; k < nodes.length; k++) {
    if (k !== j) value *= (v - nodes[k]!) / (nodes[j]! - nodes[k]!);
  }
  return value;
}
