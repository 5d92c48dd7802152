import { cos } from "./elementary.js";

/** Nodes (increasing, in (−1, 1)) and positive weights of a Gauss–Legendre rule. */
export interface QuadratureRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

const cache = new Map<number, QuadratureRule>();

/** Gauss–Legendre rule with `order` ≥ 1 nodes, exact for polynomials of degree 2·order − 1 (Davis & Rabinowitz 1984, §2.7). */
export function gaussLegendre(order: number): QuadratureRule {
  const known = cache.get(order);
  if (known !== undefined) return known;
  const nodes = new Float64Array(order);
  const weights = new Float64Array(order);
  for (let i = 0; i < Math.ceil(order / 2); i++) {
    let x = 2 * i + 1 === order ? 0 : cos((Math.PI * (i + 0.75)) / (order + 0.5));
    // Tricomi's start is close enough that Newton's iteration settles in a few rounds.
    for (let round = 0; round < 8 && x !== 0; round++) {
      const { value, slope } = legendre(order, x);
      x -= value / slope;
    }
    const { slope } = legendre(order, x);
    const weight = 2 / ((1 - x) * (1 + x) * slope * slope);
    nodes[i] = -x;
    nodes[order - 1 - i] = x;
    weights[i] = weight;
    weights[order - 1 - i] = weight;
  }
  const rule = { nodes, weights };
  cache.set(order, rule);
  return rule;
}

/** P_n(x) and P_n′(x) by the three-term recurrence, |x| < 1. */
function legendre(order: number, x: number): { value: number; slope: number } {
  let previous = 1;
  let value = x;
  for (let n = 2; n <= order; n++) {
    const next = ((2 * n - 1) * x * value - (n - 1) * previous) / n;
    previous = value;
    value = next;
  }
  return { value, slope: (order * (previous - x * value)) / ((1 - x) * (1 + x)) };
}
