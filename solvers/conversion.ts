import type { Prediction, Schedule } from "./types.js";

/** Coefficients of a linear map: wanted = state · x + prediction · m. */
export interface Conversion {
  readonly state: number;
  readonly prediction: number;
}

/**
 * The linear map from one prediction m at (x, t) to another.
 *
 * With x = α x₀ + σ ε: data D = E[x₀ | x], noise E[ε | x] = (x − αD)/σ, score = −noise/σ (Tweedie). Velocity is
 * v = αε − σx₀ where α² + σ² = 1 (Salimans & Ho 2022, appendix D) and v = α̇x₀ + σ̇ε elsewhere, which on the rectified flow
 * is ε − x₀ (Lipman et al. 2023).
 */
export function conversion(from: Prediction, to: Prediction, schedule: Schedule, t: number): Conversion {
  if (from === to) return { state: 0, prediction: 1 };
  const alpha = schedule.alpha(t);
  const sigma = schedule.sigma(t);
  const noise = noiseFrom(from, schedule, t, alpha, sigma);
  const outer = fromNoise(to, schedule, t, alpha, sigma);
  return { state: outer.state + outer.prediction * noise.state, prediction: outer.prediction * noise.prediction };
}

function noiseFrom(from: Prediction, schedule: Schedule, t: number, alpha: number, sigma: number): Conversion {
  switch (from) {
    case "noise":
      return { state: 0, prediction: 1 };
    case "score":
      return { state: 0, prediction: -sigma };
    case "data":
      return { state: 1 / sigma, prediction: -alpha / sigma };
    case "velocity": {
      const { alphaRate, sigmaRate } = rates(schedule, t, alpha, sigma);
      const determinant = alpha * sigmaRate - sigma * alphaRate;
      return { state: -alphaRate / determinant, prediction: alpha / determinant };
    }
  }
}

function fromNoise(to: Prediction, schedule: Schedule, t: number, alpha: number, sigma: number): Conversion {
  switch (to) {
    case "noise":
      return { state: 0, prediction: 1 };
    case "score":
      return { state: 0, prediction: -1 / sigma };
    case "data":
      return { state: 1 / alpha, prediction: -sigma / alpha };
    case "velocity": {
      const { alphaRate, sigmaRate } = rates(schedule, t, alpha, sigma);
      return { state: alphaRate / alpha, prediction: sigmaRate - (alphaRate * sigma) / alpha };
    }
  }
}

/** (α', σ') of the velocity: with respect to the angle for variance-preserving paths, to t elsewhere. */
function rates(schedule: Schedule, t: number, alpha: number, sigma: number): { alphaRate: number; sigmaRate: number } {
  if (schedule.variancePreserving) return { alphaRate: -sigma, sigmaRate: alpha };
  const f = schedule.driftCoefficient(t);
  const g = schedule.diffusion(t);
  return { alphaRate: f * alpha, sigmaRate: (0.5 * g * g) / sigma + f * sigma };
}
