/**
 * How (W, H) over [0, a + b] splits at a, with X₁, X₂ standard normal:
 * W_left = w W + h H + x X₁, W_right = W − W_left, H_left = left.h H − left.x₁ X₁ + left.x₂ X₂, H_right = right.h H − right.x₁ X₁ − right.x₂ X₂.
 */
export interface BridgeSplit {
  readonly w: number;
  readonly h: number;
  readonly x: number;
  /** w of the right part: W_right = rightW W − h H − x X₁. */
  readonly rightW: number;
  readonly left: LevyAreaSplit;
  readonly right: LevyAreaSplit;
}

/** Coefficients of one part's space–time Lévy area. */
export interface LevyAreaSplit {
  readonly h: number;
  readonly x1: number;
  readonly x2: number;
}

/**
 * The exact conditional law of a Brownian path on both parts of an interval, given its increment W and its space–time Lévy area
 * H = (1/h) ∫ (W_r − (r/h) W) dr over the whole.
 *
 * With W ~ N(0, a + b) and H ~ N(0, (a + b)/12) independent, the parts' (W, H) have variances a, a/12, b, b/12 and no correlation.
 * Source: Foster, "Numerical approximations for stochastic differential equations", Oxford 2020; Jelinčič, Foster & Kidger 2024,
 * arXiv 2405.06464.
 *
 * @param a length of the left part, ≥ 0
 * @param b length of the right part, ≥ 0, not both 0
 */
export function bridgeSplit(a: number, b: number): BridgeSplit {
  const length = a + b;
  const p = a / length;
  const q = b / length;
  const cubes = p * p * p + q * q * q;
  // v √length of theory: half the root of pq/(p³ + q³).
  const v = 0.5 * Math.sqrt((p * q * length) / cubes);
  const c = v / Math.sqrt(3);
  return {
    w: p,
    rightW: q,
    h: 6 * p * q,
    x: 2 * v * cubes,
    left: { h: p * p, x1: v * p * p, x2: c * q },
    right: { h: q * q, x1: v * q * q, x2: c * p },
  };
}
