import { exp, expm1, log, log1p } from "../../solvers/math/elementary.js";

/** ln(1 − e^−b) for b > 0, accurate at both ends (Mächler 2012, "Accurately computing log(1 − exp(−|a|))"). */
export function logOneMinusExp(b: number): number {
  return b < Math.LN2 ? log(-expm1(-b)) : log1p(-exp(-b));
}

/** The integrated rate B = ∫β at which a variance-preserving process (α² = e^−B, σ² = 1 − e^−B) has log-SNR λ: ln(1 + e^−2λ). */
export function integratedRateAtLogSnr(lambda: number): number {
  return lambda > 0 ? log1p(exp(-2 * lambda)) : -2 * lambda + log1p(exp(2 * lambda));
}

/** λ = ln(α/σ) of a variance-preserving process with integrated rate B ≥ 0: −½ ln(e^B − 1). */
export function logSnrAtIntegratedRate(b: number): number {
  return -0.5 * (b + logOneMinusExp(b));
}
