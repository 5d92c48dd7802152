import { atan, exp, log, sin } from "../../solvers/math/elementary.js";
import { linearSde } from "./linear-sde.js";
import type { Sde } from "./types.js";
import { requireNonNegative, requireTimeRange } from "./validate.js";

/** Options of `cosine`. */
export interface CosineOptions {
  /** Shift s ≥ 0 that keeps β(0) above zero. */
  readonly offset?: number;
  /** Time at which sampling ends, > 0. */
  readonly tMin?: number;
  /** Time at which sampling starts, < 1. */
  readonly tMax?: number;
}

export const COSINE_DEFAULTS = { offset: 0.008, tMin: 1e-3, tMax: 0.9946 } as const;

/**
 * Variance-preserving SDE with α(t) = cos θ(t)/cos θ(0), θ(t) = (π/2)(t + offset)/(1 + offset); prior N(0, 1).
 *
 * Defined for 0 ≤ t < 1 (α(1) = 0). Nichol & Dhariwal 2021 (arXiv 2102.09672) eq. 17.
 *
 * @throws UsageError unless offset ≥ 0 and 0 < tMin < tMax < 1.
 */
export function cosine({
  offset = COSINE_DEFAULTS.offset,
  tMin = COSINE_DEFAULTS.tMin,
  tMax = COSINE_DEFAULTS.tMax,
}: CosineOptions = {}): Sde {
  requireNonNegative("cosine", { offset }, "the paper takes offset = 0.008");
  requireTimeRange("cosine", tMin, tMax, 1);
  const path = cosinePath(offset);
  const { speed } = path;
  // ½β = −d ln α/dt = θ′ tan θ.
  const halfRate = (t: number) => (speed * sin(speed * (t + offset))) / path.cosTheta(t);
  return linearSde({
    name: "cosine",
    options: { offset, tMin, tMax },
    tMin,
    tMax,
    variancePreserving: true,
    priorStandardDeviation: 1,
    domain: { from: 0, before: 1 },
    alpha: (t) => path.cosTheta(t) / path.cosTheta(0),
    sigma: (t) => Math.sqrt(path.lostSquare(0, t)),
    logSnr: (t) => log(path.cosTheta(t) / path.cosTheta(0) / Math.sqrt(path.lostSquare(0, t))),
    timeAtLogSnr(lambda) {
      // With R = e^−2λ and S = sin² θ(0): tan² θ = (R + S)/(1 − S), and θ − θ(0) from the difference of tangents.
      const ratio = exp(-2 * lambda);
      if (ratio === 0) return 0;
      const start = sin(speed * offset);
      const cosStart = path.cosTheta(0);
      const tangent = Math.sqrt(ratio + start * start) / cosStart;
      const tangentStart = start / cosStart;
      const gap = ratio / (cosStart * cosStart) / (tangent + tangentStart);
      return atan(gap / (1 + tangent * tangentStart)) / speed;
    },
    driftCoefficient: (t) => -halfRate(t),
    diffusion: (t) => Math.sqrt(2 * halfRate(t)),
    transition: (from, to) => ({
      scale: path.cosTheta(to) / path.cosTheta(from),
      variance: path.lostSquare(from, to),
    }),
  });
}

/** The path θ(t) of the cosine process, for 0 ≤ t ≤ 1. */
export interface CosinePath {
  /** θ′. */
  readonly speed: number;
  /** cos θ(t), accurate up to t = 1. */
  cosTheta(t: number): number;
  /** 1 − (α(to)/α(from))², without cancellation, for from < 1. */
  lostSquare(from: number, to: number): number;
}

/** The angle of the cosine process with the given offset ≥ 0. */
export function cosinePath(offset: number): CosinePath {
  const speed = Math.PI / 2 / (1 + offset);
  const cosTheta = (t: number) => sin(speed * (1 - t));
  return {
    speed,
    cosTheta,
    lostSquare(from, to) {
      const start = cosTheta(from);
      // cos² a − cos² b = sin(b − a) sin(b + a); the sum is measured from π when it is nearer to π than to 0.
      const sum = from + to + 2 * offset;
      const sinSum = sum <= 1 + offset ? sin(speed * sum) : sin(speed * (1 - from + (1 - to)));
      return (sin(speed * (to - from)) * sinSum) / (start * start);
    },
  };
}
