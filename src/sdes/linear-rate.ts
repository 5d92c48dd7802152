import { requireOrdered, requirePositive, requireTimeRange } from "./validate.js";

/** The rate β(t) = betaMin + t (betaMax − betaMin) with its integral B(t) = ∫_0^t β, for t ≥ 0. */
export interface LinearRate {
  rate(t: number): number;
  integral(t: number): number;
  /** B(to) − B(from) without cancellation. */
  increment(from: number, to: number): number;
  /** t with B(t) = b, for b ≥ 0. */
  timeAtIntegral(b: number): number;
}

/** Options of `vp` and `subVp`: β(t) = βmin + (βmax − βmin) t. */
export interface LinearRateOptions {
  /** β(0) > 0. */
  readonly betaMin?: number;
  /** β(1) ≥ betaMin. */
  readonly betaMax?: number;
  /** Time at which sampling ends, > 0. */
  readonly tMin?: number;
  /** Time at which sampling starts. */
  readonly tMax?: number;
}

export const LINEAR_RATE_DEFAULTS = { betaMin: 0.1, betaMax: 20, tMin: 1e-3, tMax: 1 } as const;

/** Validates the options of `vp` and `subVp` and builds their rate. */
export function linearRate(name: string, { betaMin, betaMax, tMin, tMax }: Required<LinearRateOptions>): LinearRate {
  requirePositive(name, { betaMin, betaMax }, "the usual values are betaMin = 0.1 and betaMax = 20");
  requireOrdered(name, ["betaMin", betaMin], ["betaMax", betaMax], { strict: false });
  requireTimeRange(name, tMin, tMax);
  const slope = betaMax - betaMin;
  return {
    rate: (t) => betaMin + slope * t,
    integral: (t) => t * (betaMin + 0.5 * slope * t),
    increment: (from, to) => (to - from) * (betaMin + 0.5 * slope * (from + to)),
    timeAtIntegral: (b) => (2 * b) / (betaMin + Math.sqrt(betaMin * betaMin + 2 * slope * b)),
  };
}
