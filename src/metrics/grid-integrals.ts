/**
 * ∫ from the first node to each node, f on a uniform grid of at least 4 nodes.
 *
 * Four-point rule (−f₋₁ + 13 f₀ + 13 f₁ − f₂) dx/24, error of fourth order. Where neighbours differ so much that it leaves
 * the range of the cell's end values by half, the trapezoid, so that an integral of a density never decreases.
 */
export function cumulativeIntegral(f: Float64Array, dx: number): Float64Array {
  const n = f.length;
  const out = new Float64Array(n);
  for (let i = 0; i + 1 < n; i++) out[i + 1] = out[i]! + cellIntegral(f, i, dx);
  return out;
}

/** ∫ over the cell from node i to node i + 1. */
export function cellIntegral(f: Float64Array, i: number, dx: number): number {
  const n = f.length;
  const a = f[i]!;
  const b = f[i + 1]!;
  let mean: number;
  // At the ends the cubic through the nearest four nodes, integrated over the outer cell.
  if (i === 0) mean = (9 * a + 19 * b - 5 * f[2]! + f[3]!) / 24;
  else if (i === n - 2) mean = (9 * b + 19 * a - 5 * f[n - 3]! + f[n - 4]!) / 24;
  else mean = (13 * (a + b) - f[i - 1]! - f[i + 2]!) / 24;
  if (a >= 0 && b >= 0 && !(mean >= 0.5 * Math.min(a, b) && mean <= 1.5 * Math.max(a, b))) mean = (a + b) / 2;
  return mean * dx;
}

/**
 * ∫ |f| on a uniform grid: the variation of the integral of f between the sign changes of f.
 *
 * At a sign change the integral of f is stationary, so that the place of the zero enters in second order only; error of fourth
 * order.
 */
export function integralOfAbsolute(f: Float64Array, dx: number): number {
  let sum = 0;
  for (let i = 0; i + 1 < f.length; i++) {
    const a = f[i]!;
    const b = f[i + 1]!;
    const whole = cellIntegral(f, i, dx);
    if ((a >= 0 && b >= 0) || (a <= 0 && b <= 0)) {
      sum += Math.abs(whole);
      continue;
    }
    // The quadratic with the cell's end values and integral: f(s) = a + (b − a)s + 6c s(1 − s), integral (a + b)/2 + c.
    const c = whole / dx - (a + b) / 2;
    const zero = quadraticZero(a, b, c);
    const left = zero * (a + (b - a) * (zero / 2) + c * zero * (3 - 2 * zero)) * dx;
    sum += Math.abs(left) + Math.abs(whole - left);
  }
  return sum;
}

/** The zero in [0, 1] of a + (b − a)s + 6c s(1 − s) with ab < 0. */
function quadraticZero(a: number, b: number, c: number): number {
  let low = 0;
  let high = 1;
  let s = a / (a - b);
  for (let round = 0; round < 60; round++) {
    const value = a + (b - a) * s + 6 * c * s * (1 - s);
    if (value === 0) return s;
    if (value > 0 === a > 0) low = s;
    else high = s;
    const next = s - value / (b - a + 6 * c * (1 - 2 * s));
    const inside = next > low && next < high ? next : (low + high) / 2;
    if (Math.abs(inside - s) <= 1e-16) return inside;
    s = inside;
  }
  return s;
}
