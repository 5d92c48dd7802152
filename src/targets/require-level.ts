import { UsageError } from "../../solvers/errors.js";
import { numberText } from "../../solvers/number-text.js";

/** Checks the coefficients of α x₀ + σ ε. @throws UsageError unless both are finite, ≥ 0 and not both 0 */
export function requireLevel(alpha: number, sigma: number): void {
  if (!(alpha >= 0 && alpha < Number.POSITIVE_INFINITY)) {
    throw new UsageError(`perturbed: alpha must be a finite number ≥ 0, but got ${numberText(alpha)}.`);
  }
  if (!(sigma >= 0 && sigma < Number.POSITIVE_INFINITY)) {
    throw new UsageError(`perturbed: sigma must be a finite number ≥ 0, but got ${numberText(sigma)}.`);
  }
  if (alpha === 0 && sigma === 0) {
    throw new UsageError("perturbed: α x₀ + σ ε must have a density, but got alpha = 0 and sigma = 0.");
  }
}
