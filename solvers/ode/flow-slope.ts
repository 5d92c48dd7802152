import { conversion } from "../conversion.js";
import type { Prediction, Schedule } from "../types.js";

/**
 * The probability-flow ODE as a linear map [a, b] at time t: dx/dt = a x + b m for a model's prediction m, or with variable 'rho'
 * dy/dρ = a x + b m for y = x/α, ρ = σ/α.
 *
 * Song et al. 2021 (arXiv 2011.13456) eq. 13; Karras et al. 2022 (arXiv 2206.00364) eq. 3.
 */
export function flowSlope(
  schedule: Schedule,
  predicts: Prediction,
  variable: "t" | "rho",
): (t: number) => readonly [number, number] {
  if (variable === "rho") {
    return (t) => {
      const map = conversion(predicts, "noise", schedule, t);
      return [map.state, map.prediction];
    };
  }
  return (t) => {
    const g = schedule.diffusion(t);
    const map = conversion(predicts, "score", schedule, t);
    return [schedule.driftCoefficient(t) - 0.5 * g * g * map.state, -0.5 * g * g * map.prediction];
  };
}
