/** A quadrature rule for expectations over N(0, 1): E f(ξ) ≈ Σ weights[j] f(nodes[j]). */
export interface NormalRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Gauss–Hermite rule of n nodes for the standard normal law, exact for polynomials of degree 2n − 1; weights sum to 1.
 *
 * Nodes are the zeros of the probabilists' Hermite polynomial, by Newton's method with deflation; weights are
 * 1 / (n hₙ₋₁(node)²) with the normalised polynomial h (Abramowitz & Stegun 25.4.46, rescaled).
 *
 * @param n number of nodes, 1 … 200
 */
export function gaussHermite(n: number): NormalRule {
  const roots: number[] = [];
  const half = Math.floor(n / 2);
  for (let k = 0; k < half; k++) {
    let x = k === 0 ? 2 * Math.sqrt(n + 0.5) : roots[k - 1]!;
    x -= k === 0 ? 0 : 1 / Math.sqrt(n);
    for (let iteration = 0; iteration < 200; iteration++) {
      const { value, previous } = hermite(n, x);
      let correction = 0;
      for (const root of roots) correction += 1 / (x - root) + 1 / (x + root);
      const step = value / (Math.sqrt(n) * previous - value * correction);
      x -= step;
      if (Math.abs(step) < 1e-15 * Math.max(1, Math.abs(x))) break;
    }
    roots.push(x);
  }
  const positive = roots.sort((a, b) => a - b);
  const nodes = Float64Array.from([...positive.map((x) => -x).reverse(), ...(n % 2 === 1 ? [0] : []), ...positive]);
  const weights = nodes.map((x) => {
    const { previous } = hermite(n, x);
    return 1 / (n * previous * previous);
  });
  return { nodes, weights };
}

/** hₙ(x) and hₙ₋₁(x) with hₖ = Heₖ/√k!, which neither overflow nor underflow: hₙ' = √n hₙ₋₁. */
function hermite(n: number, x: number): { value: number; previous: number } {
  let previous = 0;
  let value = 1;
  for (let k = 0; k < n; k++) {
    const next = (x * value - Math.sqrt(k) * previous) / Math.sqrt(k + 1);
    previous = value;
    value = next;
  }
  return { value, previous };
}
