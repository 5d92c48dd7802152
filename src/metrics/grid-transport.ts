import { gaussLegendre } from "../../solvers/math/gauss-legendre.js";
import { cumulativeIntegral } from "./grid-integrals.js";

const RULE = gaussLegendre(3);

/**
 * W2² = ∫ (F⁻¹ − G⁻¹)² du between two normalised densities on one uniform grid.
 *
 * The levels of both cdfs at the nodes cut [0, ½] (and [½, 1], counted from the right) into pieces on which both inverses lie inside
 * one cell; there a cdf is the cubic with the end values and slopes of that cell. A jump of an inverse (a gap between modes)
 * falls on a level and costs nothing.
 */
export function gridTransportCost(start: number, dx: number, p: Float64Array, q: Float64Array): number {
  const end = start + dx * (p.length - 1);
  return halfCost(start, dx, p, q) + halfCost(-end, dx, p.toReversed(), q.toReversed());
}

function halfCost(start: number, dx: number, p: Float64Array, q: Float64Array): number {
  const first = inverseCdf(start, dx, p);
  const second = inverseCdf(start, dx, q);
  let sum = 0;
  for (let level = 0, i = 0, j = 0; level < 0.5; ) {
    while (i < p.length - 2 && first.levels[i + 1]! <= level) i++;
    while (j < q.length - 2 && second.levels[j + 1]! <= level) j++;
    let next = Math.min(first.levels[i + 1]!, second.levels[j + 1]!, 0.5);
    // Rounding may leave the last level short of ½ only for a law outside of the grid's half.
    if (next <= level) next = 0.5;
    for (let k = 0; k < 3; k++) {
      const u = level + ((1 + RULE.nodes[k]!) / 2) * (next - level);
      const gap = first.at(u, i) - second.at(u, j);
      sum += (RULE.weights[k]! / 2) * (next - level) * gap * gap;
    }
    level = next;
  }
  return sum;
}

/** The cdf's levels at the nodes, and x with F(x) = u inside cell i. */
function inverseCdf(start: number, dx: number, density: Float64Array) {
  const levels = cumulativeIntegral(density, dx);
  const at = (u: number, i: number): number => {
    const base = levels[i]!;
    const rise = levels[i + 1]! - base;
    if (!(rise > 0)) return start + i * dx;
    // F = base + rise (d₀ s + …), the Hermite cubic in s ∈ [0, 1] with slopes d₀, d₁ in units of the rise; flattened to stay monotone.
    const d0 = Math.min(3, (density[i]! * dx) / rise);
    const d1 = Math.min(3, (density[i + 1]! * dx) / rise);
    const goal = (u - base) / rise;
    let low = 0;
    let high = 1;
    let s = Math.min(1, Math.max(0, goal));
    for (let round = 0; round < 60; round++) {
      const value = s * (d0 + s * (3 - 2 * d0 - d1 + s * (d0 + d1 - 2))) - goal;
      if (value > 0) high = s;
      else low = s;
      const slope = d0 + s * (2 * (3 - 2 * d0 - d1) + 3 * s * (d0 + d1 - 2));
      let next = s - value / slope;
      if (!(next >= low && next <= high)) next = (low + high) / 2;
      if (Math.abs(next - s) <= 1e-15) break;
      s = next;
    }
    return start + (i + s) * dx;
  };
  return { levels, at };
}
