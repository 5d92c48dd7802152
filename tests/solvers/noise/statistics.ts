/** Φ(x) by Marsaglia's series (J. Stat. Softw. 11(4), 2004), to 1e-15 for |x| ≤ 7. */
export function normalCdf(x: number): number {
  let sum = x;
  let term = x;
  for (let i = 3; Math.abs(term) > 1e-18; i += 2) {
    term *= (x * x) / i;
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
}

/** E X^order of the standard normal law. */
function normalMoment(order: number): number {
  return order % 2 ? 0 : order < 2 ? 1 : (order - 1) * normalMoment(order - 2);
}

/** Deviation of the mean of x^order from its expectation under N(0, 1), in exact standard errors. */
export function normalMomentZ(x: Float64Array, order: number): number {
  let sum = 0;
  for (const value of x) sum += value ** order;
  const variance = normalMoment(2 * order) - normalMoment(order) ** 2;
  return (sum / x.length - normalMoment(order)) / Math.sqrt(variance / x.length);
}

/** √n sup |F_n − F|. */
export function kolmogorov(x: Float64Array, cdf: (x: number) => number): number {
  const sorted = x.slice().sort();
  let largest = 0;
  for (let i = 0; i < sorted.length; i++) {
    const p = cdf(sorted[i]!);
    largest = Math.max(largest, (i + 1) / sorted.length - p, p - i / sorted.length);
  }
  return largest * Math.sqrt(sorted.length);
}
