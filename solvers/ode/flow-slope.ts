import { conversion } from "../conversion.js";
import type { Prediction, Schedule } from "../types.js";

/**
 * The probability-flow ODE as a linear map [a, b] at time t: dx/dt = a x + b m for a model's prediction m, or with variable 'rho'
 * dy/dρ = a x + b m for y = x/α, ρ = σ/α.
 *
 * The pair is overwritten by the next call.
 *
 * Song et al. 2021 (arXiv 2011.13456) eq. 13; Karras et al. 2022 (arXiv 2206.00364) eq. 3.
 */
export function flowSlope(
  schedule: Schedule,
  predicts: Prediction,
  variable: "t" | "rho",
): (t: number) => readonly [number, number] {
  const pair: [number, number] = [0, 0];
  if (variable === "rho") {
    return (t) => {
      const map = conversion(predicts, "noise", schedule, t);
      pair[0] = map.state;
      pair[1] = map.prediction;
      return pair;
    };
  }
  return (t) => {
    const g = schedule.diffusion(t);
    const half = -0.5 * g * g;
    pair[0] = schedule.driftCoefficient(t);
    pair[1] = half;
    if (predicts !== "score") {
      const map = conversion(predicts, "score", schedule, t);
      pair[0] += half * map.state;
      pair[1] = half * map.prediction;
    }
    return pair;
  };
}
