import type { FixedSolver, Grid } from "../../../solvers/types.js";
import type { Sde } from "../../sdes/types.js";
import type { Target } from "../../targets/types.js";

/** Which order is measured: of the law, of the end point of the probability flow, or path by path. */
export type ConvergenceKind = "law" | "deterministic" | "strong";

/** The error of a solver with so many steps. */
export interface ErrorPoint {
  readonly steps: number;
  readonly error: number;
  /** Null where nothing is sampled. */
  readonly standardError: number | null;
  /** Size of what rounding and quadrature leave in `error`. */
  readonly floor: number;
}

/** What two consecutive points say together; null where it is not known. */
export interface ErrorPair {
  /** Cosine of the angle between the two errors as vectors: near 1 while one term of the expansion rules. */
  readonly cosine: number | null;
  /** Standard error of log(e₁/e₂), paired by sample. */
  readonly standardError: number | null;
}

/** Errors of one solver from coarse to fine. */
export interface ErrorSequence {
  readonly kind: ConvergenceKind;
  /** W1, W2, or RMS over paths; in units of x. */
  readonly distance: "W1" | "W2" | "RMS";
  /** What the solver is held against, in words. */
  readonly against: string;
  readonly points: readonly ErrorPoint[];
  /** One fewer than points. */
  readonly pairs: readonly ErrorPair[];
}

/** What every measurement of errors is told. */
export interface ErrorOptions {
  readonly sde: Sde;
  readonly target: Target;
  readonly solver: FixedSolver;
  /** The grid with so many steps. */
  readonly gridOf: (steps: number) => Grid;
  /** Increasing. */
  readonly steps: readonly number[];
  /** Paths, for what is not computed from the law. */
  readonly samples: number;
  readonly seed: number;
  /** Told before each run, and after the steps of paths; may throw to stop. */
  readonly onRun?: (steps: number) => void;
}

/** Rounding of a run: one rounding error of the state's size per step, adding up like a random walk. */
export function roundingFloor(size: number, steps: number): number {
  return 2 ** -52 * size * Math.sqrt(steps);
}

/** Root mean square of the size of x at tMin. */
export function endSize(target: Target, sde: Sde): number {
  const { mean, covariance, dimension } = target;
  const [alpha, sigma] = [sde.alpha(sde.tMin), sde.sigma(sde.tMin)];
  let square = 0;
  for (let i = 0; i < dimension; i++) {
    square += alpha * alpha * (mean[i]! * mean[i]! + covariance[i * (dimension + 1)]!) + sigma * sigma;
  }
  return Math.sqrt(square);
}

/** Cosine of the angle between two vectors; null where one of them is zero. */
export function cosine(a: Float64Array, b: Float64Array): number | null {
  let [product, squareA, squareB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!;
    squareA += a[i]! * a[i]!;
    squareB += b[i]! * b[i]!;
  }
  const size = Math.sqrt(squareA) * Math.sqrt(squareB);
  return size > 0 ? product / size : null;
}
