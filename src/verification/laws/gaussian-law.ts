import { exp } from "../../../solvers/math/elementary.js";
import { runSolver } from "../../../solvers/run-solver.js";
import { deviations, gaussianSpace, marginalVariance } from "../../../solvers/spaces/gaussian.js";
import { uniformNodes } from "../../../solvers/spaces/law-frame.js";
import type { FixedSolver, Grid, Schedule } from "../../../solvers/types.js";
import { gaussianKl, gaussianW2Diagonal } from "../../metrics/gaussian-distances.js";
import { gaussianTotalVariation, gaussianW1 } from "../../metrics/gaussian-line-distances.js";
import type { GaussianTarget } from "../../targets/gaussian.js";
import { denoisingError } from "../denoising-error.js";

export interface GaussianLawOptions {
  readonly sde: Schedule;
  readonly target: GaussianTarget;
  readonly solver: FixedSolver;
  readonly grid: Grid;
  readonly start: "prior" | "exact";
  readonly denoise: boolean;
}

/** Exact moments of a sampler's output, in the data's coordinates and along the eigenvectors of its covariance. */
export interface GaussianOutput {
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
  readonly variance: number | null;
  readonly evaluations: number;
  /** Along the eigenvectors. */
  readonly means: Float64Array;
  readonly variances: Float64Array;
  readonly grid: readonly number[];
  readonly density: readonly number[];
}

/** The exact Gaussian law of a solver's output on Gaussian data: in the eigenbasis of the covariance coordinates decouple. */
export async function gaussianLaw(options: GaussianLawOptions): Promise<GaussianOutput> {
  const { sde, target, solver, grid, start, denoise } = options;
  const space = gaussianSpace({
    schedule: sde,
    means: intoBasis(target),
    variances: target.eigenvalues,
    start,
    from: grid.times[0]!,
  });
  const { x } = await runSolver(
    solver,
    { schedule: sde, grid, space, denoisingError: denoisingError(target, sde) },
    { denoise },
  );
  const variances = deviations(x).map((deviation) => deviation * deviation);
  const covariance = outOfBasis(target, variances);
  const isLine = target.dimension === 1;
  return {
    mean: rotated(target, x.mean),
    covariance,
    variance: isLine ? covariance[0]! : null,
    evaluations: space.evaluations,
    means: x.mean,
    variances,
    ...(isLine ? normalCurve(x.mean[0]!, Math.sqrt(covariance[0]!)) : { grid: [], density: [] }),
  };
}

/** Means and variances along the eigenvectors of α x₀ + σ ε at a time, at tMin, or of the data. */
export function gaussianTruth(target: GaussianTarget, sde: Schedule, against: "data" | "tMin" | number) {
  const means = intoBasis(target);
  if (against === "data") return { means, variances: target.eigenvalues };
  const t = against === "tMin" ? sde.tMin : against;
  const alpha = sde.alpha(t);
  return {
    means: means.map((mean) => alpha * mean),
    variances: target.eigenvalues.map((v) => marginalVariance(sde, t, v)),
  };
}

/** Closed-form distances to the truth; W1 and TV in one dimension only. */
export function gaussianLawDistances(
  law: Pick<GaussianOutput, "means" | "variances">,
  target: GaussianTarget,
  sde: Schedule,
  against: "data" | "tMin" | number,
) {
  const truth = gaussianTruth(target, sde, against);
  const line = [truth.means[0]!, Math.sqrt(truth.variances[0]!), law.means[0]!, Math.sqrt(law.variances[0]!)] as const;
  const isLine = target.dimension === 1;
  return {
    w1: isLine ? gaussianW1(...line) : null,
    w2: gaussianW2Diagonal(law.means, law.variances, truth.means, truth.variances),
    kl: gaussianKl(truth.means, diagonal(truth.variances), law.means, diagonal(law.variances)),
    tv: isLine ? gaussianTotalVariation(...line) : null,
  };
}

/** Coordinates of a vector (of the mean when left out) along the eigenvectors. */
export function intoBasis({ mean, eigenvectors, dimension }: GaussianTarget, vector = mean): Float64Array {
  return vector.map((_, j) => vector.reduce((sum, value, i) => sum + value * eigenvectors[i * dimension + j]!, 0));
}

/** The vector with these coordinates along the eigenvectors. */
export function rotated({ eigenvectors, dimension }: GaussianTarget, coordinates: Float64Array): Float64Array {
  return coordinates.map((_, i) =>
    coordinates.reduce((sum, value, j) => sum + value * eigenvectors[i * dimension + j]!, 0),
  );
}

function outOfBasis({ eigenvectors, dimension }: GaussianTarget, variances: Float64Array): Float64Array {
  return Float64Array.from({ length: dimension * dimension }, (_, index) => {
    const row = Math.floor(index / dimension) * dimension;
    const column = (index % dimension) * dimension;
    return variances.reduce((sum, v, k) => sum + v * eigenvectors[row + k]! * eigenvectors[column + k]!, 0);
  });
}

function diagonal(values: Float64Array): Float64Array {
  const n = values.length;
  return Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? values[i % n]! : 0));
}

function normalCurve(mean: number, deviation: number): { grid: number[]; density: number[] } {
  const grid = uniformNodes(mean - 5 * deviation, mean + 5 * deviation, 401);
  const peak = 1 / (deviation * Math.sqrt(2 * Math.PI));
  const density = grid.map((x) => peak * exp(-0.5 * ((x - mean) / deviation) * ((x - mean) / deviation)));
  return { grid: [...grid], density: [...density] };
}
