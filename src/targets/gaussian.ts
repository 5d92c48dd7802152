import { UsageError } from "../../solvers/errors.js";
import { fillNormal } from "../../solvers/noise/normal.js";
import { numberText } from "../../solvers/number-text.js";
import { GaussianLaw } from "./gaussian-law.js";
import {
  type NumberRows,
  type Numbers,
  plainRows,
  readNumbers,
  readRows,
  requirePositive,
  type Unvalidated,
} from "./numbers.js";
import { asRows, dataLaw } from "./points.js";
import { resolveRequest, TargetSlot } from "./sample-request.js";
import { linearAlgebra } from "./special/linear-algebra.js";
import { normalFromUniform } from "./special/normal.js";
import type { PerturbedLaw, Target } from "./types.js";

/** Mean and spread of a Gaussian: a standard deviation for each coordinate, or a covariance. */
export interface GaussianOptions {
  /** A number, or one number per dimension; 0 in every dimension when left out. */
  readonly mean?: Numbers;
  /** dimension × dimension, symmetric and positive definite; a number in one dimension. */
  readonly covariance?: number | NumberRows;
  /** > 0; a number for every dimension, or one per dimension; 1 when covariance is absent too. */
  readonly standardDeviation?: Numbers;
}

/** A Gaussian with the eigenbasis of its covariance. */
export interface GaussianTarget extends Target {
  readonly isGaussian: true;
  /** Of the covariance, `dimension` numbers > 0. */
  readonly eigenvalues: Float64Array;
  /** dimension × dimension, row-major; column j belongs to eigenvalue j. */
  readonly eigenvectors: Float64Array;
}

/** Whether the exact moments of samplers exist for this target. */
export function isGaussianTarget(target: Target): target is GaussianTarget {
  return target.isGaussian;
}

/**
 * Normal law of any dimension and covariance.
 *
 * @throws UsageError when the covariance is not symmetric or not positive definite, or when lengths differ
 */
export function gaussian(options: GaussianOptions = {}): GaussianTarget {
  return createGaussian(options);
}

/** As `gaussian`, from options of unknown type. */
export function createGaussian(options: Unvalidated<GaussianOptions>): GaussianTarget {
  const { mean, eigenvalues, eigenvectors, covariance } = readGaussian(options);
  const dimension = mean.length;
  const basis = { mean, eigenvalues, eigenvectors: isIdentity(eigenvectors, dimension) ? null : eigenvectors };
  const perturbed = (alpha: number, sigma: number, reuse?: PerturbedLaw): GaussianLaw => {
    if (reuse instanceof GaussianLaw && reuse.belongsTo(basis)) {
      reuse.set(alpha, sigma);
      return reuse;
    }
    return new GaussianLaw(basis, alpha, sigma);
  };
  const data = perturbed(1, 0);
  return {
    name: "gaussian",
    options: {
      mean: plainNumbers(mean),
      ...(options.covariance === undefined
        ? { standardDeviation: plainNumbers(eigenvalues.map((variance) => Math.sqrt(variance))) }
        : { covariance: plainRows(covariance, dimension) }),
    },
    dimension,
    mean,
    covariance,
    eigenvalues,
    eigenvectors,
    isGaussian: true,
    perturbed,
    sample: (request) => {
      const { count, firstSample, name } = resolveRequest(request);
      const samples = new Float64Array(count * dimension);
      fillNormal({ ...name, slot: TargetSlot.COORDINATES }, firstSample * dimension, samples);
      data.colour(samples, count, samples);
      return asRows(samples, dimension);
    },
    posteriorNumbers: dimension,
    posteriorSample: (x, count, alpha, sigma, uniforms, out) => {
      const normals = Float64Array.from(uniforms.subarray(0, count * dimension), normalFromUniform);
      perturbed(alpha, sigma).posterior(x, count, normals, out);
    },
    ...dataLaw(data, dimension),
  };
}

function readGaussian({ mean, covariance, standardDeviation }: Unvalidated<GaussianOptions>) {
  if (covariance !== undefined && standardDeviation !== undefined) {
    throw new UsageError("gaussian: covariance and standardDeviation exclude each other - give one of them.");
  }
  const matrix = covariance === undefined ? null : readCovariance(covariance);
  const spread = readNumbers(standardDeviation ?? 1, "gaussian: standardDeviation");
  requirePositive(spread, "gaussian: standardDeviation");
  const given = readNumbers(mean ?? 0, "gaussian: mean");
  const dimension = Math.max(given.length, matrix?.size ?? spread.length);
  for (const [name, length] of [
    ["mean", given.length],
    [matrix === null ? "standardDeviation" : "covariance", matrix?.size ?? spread.length],
  ] as const) {
    const spreads = length === 1 && !(name === "covariance");
    if (length !== dimension && !spreads) {
      throw new UsageError(`gaussian: ${name} must have dimension ${dimension}, but got ${length}.`);
    }
  }
  const fullMean = Float64Array.from({ length: dimension }, (_, d) => given[given.length === 1 ? 0 : d]!);
  if (matrix !== null) return { mean: fullMean, ...decompose(matrix.data, dimension) };
  const variances = Float64Array.from({ length: dimension }, (_, d) => spread[spread.length === 1 ? 0 : d]!).map(
    (s) => s * s,
  );
  const identity = Float64Array.from({ length: dimension * dimension }, (_, i) => (i % (dimension + 1) === 0 ? 1 : 0));
  const diagonal = identity.map((one, i) => one * variances[i % dimension]!);
  return { mean: fullMean, covariance: diagonal, eigenvalues: variances, eigenvectors: identity };
}

function readCovariance(value: unknown): { data: Float64Array; size: number } {
  const { data, count, columns } = readRows(typeof value === "number" ? [value] : value, "gaussian: covariance");
  if (count !== columns) {
    throw new UsageError(`gaussian: covariance must be a square matrix, but got ${count} × ${columns}.`);
  }
  return { data, size: count };
}

function decompose(covariance: Float64Array, dimension: number) {
  const largest = covariance.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j < i; j++) {
      const below = covariance[i * dimension + j]!;
      const above = covariance[j * dimension + i]!;
      if (Math.abs(below - above) > 1e-12 * largest) {
        throw new UsageError(
          `gaussian: covariance must be symmetric, but got ${below} at [${i}, ${j}] and ${above} at [${j}, ${i}].`,
        );
      }
    }
  }
  const { EigenvalueDecomposition, Matrix } = linearAlgebra();
  const matrix = Matrix.from1DArray(dimension, dimension, covariance);
  const decomposition = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  const eigenvalues = Float64Array.from(decomposition.realEigenvalues);
  const least = eigenvalues.reduce((smallest, value) => Math.min(smallest, value), Number.POSITIVE_INFINITY);
  if (!(least > dimension * 2 ** -52 * largest)) {
    throw new UsageError(
      `gaussian: covariance must be positive definite, but got the eigenvalue ${numberText(least, 6)}.`,
    );
  }
  return { covariance, eigenvalues, eigenvectors: Float64Array.from(decomposition.eigenvectorMatrix.to1DArray()) };
}

function plainNumbers(values: Float64Array): number | number[] {
  return values.length === 1 ? values[0]! : Array.from(values);
}

function isIdentity(matrix: Float64Array, dimension: number): boolean {
  return matrix.every((value, i) => value === (i % (dimension + 1) === 0 ? 1 : 0));
}
