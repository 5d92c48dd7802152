import type { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { UsageError } from "../../solvers/errors.js";
import { log1p } from "../../solvers/math/elementary.js";
import { numberText } from "../../solvers/number-text.js";
import { linearAlgebra } from "../targets/special/linear-algebra.js";

/**
 * W2 between N(m₀, C₀) and N(m₁, C₁) (Gelbrich 1990), in the unit of x; absolute error about 1e-15 of the larger standard deviation.
 *
 * The covariance part is computed as min over orthogonal U of ‖A₀ − A₁U‖ with AAᵀ = C (Bhatia, Jain and Lim 2019), not as the
 * difference of traces, which would lose half of the digits of a small distance.
 *
 * @param covariance0 D × D, row-major, symmetric positive semidefinite; singular ones allowed
 */
export function gaussianW2(
  mean0: Float64Array,
  covariance0: Float64Array,
  mean1: Float64Array,
  covariance1: Float64Array,
): number {
  const dimension = checkShapes(mean0, covariance0, mean1, covariance1);
  const root0 = squareRoot(covariance0, dimension, "covariance0");
  const root1 = squareRoot(covariance1, dimension, "covariance1");
  const { Matrix, SingularValueDecomposition } = linearAlgebra();
  const svd = new SingularValueDecomposition(root1.transpose().mmul(root0), { autoTranspose: true });
  const aligned = root1.mmul(svd.leftSingularVectors).mmul(svd.rightSingularVectors.transpose());
  const gap = Matrix.sub(root0, aligned).norm("frobenius");
  return Math.sqrt(squaredDistance(mean0, mean1) + gap * gap);
}

/**
 * W2 between Gaussians whose covariances are diagonal in one common basis, from the means and variances along it.
 *
 * (√a − √b)² is computed as ((a − b)/(√a + √b))², so that close variances lose no digits.
 */
export function gaussianW2Diagonal(
  mean0: Float64Array,
  variances0: Float64Array,
  mean1: Float64Array,
  variances1: Float64Array,
): number {
  const dimension = mean0.length;
  if (mean1.length !== dimension || variances0.length !== dimension || variances1.length !== dimension)
    throw new UsageError(
      `variances: all four arrays must hold ${dimension} numbers, but got ${variances0.length}, ${mean1.length}, ${variances1.length} - pass one variance per coordinate`,
    );
  let sum = squaredDistance(mean0, mean1);
  for (let d = 0; d < dimension; d++) {
    const a = variances0[d]!;
    const b = variances1[d]!;
    if (!(a >= 0 && b >= 0))
      throw new UsageError(`variances: must be ≥ 0, but got ${a} and ${b} at ${d} - pass variances, not logarithms`);
    const roots = Math.sqrt(a) + Math.sqrt(b);
    const gap = roots > 0 ? (a - b) / roots : 0;
    sum += gap * gap;
  }
  return Math.sqrt(sum);
}

/**
 * KL(N(m₀, C₀) ‖ N(m₁, C₁)) in nats: ½ Σ (e − ln(1 + e)) + ½ |L₁⁻¹(m₀ − m₁)|² with e the eigenvalues of L₁⁻¹(C₀ − C₁)L₁⁻ᵀ.
 *
 * Every term is ≥ 0, so that nothing cancels; Infinity when C₀ is singular.
 *
 * @throws UsageError when C₁ is not positive definite
 */
export function gaussianKl(
  mean0: Float64Array,
  covariance0: Float64Array,
  mean1: Float64Array,
  covariance1: Float64Array,
): number {
  const dimension = checkShapes(mean0, covariance0, mean1, covariance1);
  const lower = cholesky(covariance1, dimension);
  const shift = mean0.map((m, d) => m - mean1[d]!);
  solveLower(lower, shift, dimension, 1);
  const difference = covariance0.map((c, i) => c - covariance1[i]!);
  solveLower(lower, difference, dimension, dimension);
  transpose(difference, dimension);
  solveLower(lower, difference, dimension, dimension);
  let sum = 0;
  for (const e of symmetricEigen(difference, dimension).realEigenvalues) sum += xMinusLog1p(e);
  for (let d = 0; d < dimension; d++) sum += shift[d]! * shift[d]!;
  return sum / 2;
}

/** x − ln(1 + x) for x ≥ −1 without cancellation: with r = x/(2 + x), ln(1 + x) = 2(r + r³/3 + r⁵/5 + …). */
export function xMinusLog1p(x: number): number {
  if (x <= -1) return Number.POSITIVE_INFINITY;
  if (Math.abs(x) > 0.25) return x - log1p(x);
  const r = x / (2 + x);
  let sum = 0;
  // |r| ≤ 1/7: the term of order 21 is below 1e-18.
  for (let k = 21; k >= 3; k -= 2) sum = sum * r * r + 1 / k;
  return r * x - 2 * r * r * r * sum;
}

function checkShapes(mean0: Float64Array, covariance0: Float64Array, mean1: Float64Array, covariance1: Float64Array) {
  const dimension = mean0.length;
  const size = dimension * dimension;
  if (dimension < 1 || mean1.length !== dimension || covariance0.length !== size || covariance1.length !== size)
    throw new UsageError(
      `covariance: must hold dimension² = ${size} numbers and both means ${dimension}, but got ${covariance0.length}, ${covariance1.length} and ${mean1.length} - pass full matrices, row-major`,
    );
  for (const array of [mean0, covariance0, mean1, covariance1])
    if (!array.every(Number.isFinite))
      throw new UsageError("moments: must be finite, but got NaN or Infinity - the run they come from failed");
  return dimension;
}

function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d]! - b[d]!) * (a[d]! - b[d]!);
  return sum;
}

function symmetricEigen(matrix: Float64Array, dimension: number): EigenvalueDecomposition {
  const { EigenvalueDecomposition, Matrix } = linearAlgebra();
  const symmetric = new Matrix(dimension, dimension);
  for (let i = 0; i < dimension; i++)
    for (let j = 0; j < dimension; j++)
      symmetric.set(i, j, (matrix[i * dimension + j]! + matrix[j * dimension + i]!) / 2);
  return new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
}

/** A with AAᵀ = C: eigenvectors times roots of eigenvalues. */
function squareRoot(covariance: Float64Array, dimension: number, name: string): Matrix {
  const { realEigenvalues, eigenvectorMatrix } = symmetricEigen(covariance, dimension);
  const largest = realEigenvalues.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  const roots = realEigenvalues.map((value) => {
    if (value < -1e-12 * largest)
      throw new UsageError(
        `${name}: must be positive semidefinite, but got the eigenvalue ${numberText(value, 4)} - check its entries`,
      );
    return Math.sqrt(Math.max(0, value));
  });
  return linearAlgebra().Matrix.mul(eigenvectorMatrix, 1).mulRowVector(roots);
}

function cholesky(matrix: Float64Array, dimension: number): Float64Array {
  const lower = new Float64Array(matrix.length);
  for (let i = 0; i < dimension; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * dimension + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * dimension + k]! * lower[j * dimension + k]!;
      if (i !== j) lower[i * dimension + j] = sum / lower[j * dimension + j]!;
      else if (sum > 0) lower[i * dimension + i] = Math.sqrt(sum);
      else
        throw new UsageError(
          `covariance1: must be positive definite, but got the pivot ${numberText(sum, 4)} in row ${i} - KL to a singular law is infinite`,
        );
    }
  return lower;
}

/** Replaces the `columns` columns of x by L⁻¹x. */
function solveLower(lower: Float64Array, x: Float64Array, dimension: number, columns: number): void {
  for (let column = 0; column < columns; column++)
    for (let i = 0; i < dimension; i++) {
      let sum = x[i * columns + column]!;
      for (let k = 0; k < i; k++) sum -= lower[i * dimension + k]! * x[k * columns + column]!;
      x[i * columns + column] = sum / lower[i * dimension + i]!;
    }
}

function transpose(x: Float64Array, dimension: number): void {
  for (let i = 0; i < dimension; i++)
    for (let j = 0; j < i; j++) {
      const kept = x[i * dimension + j]!;
      x[i * dimension + j] = x[j * dimension + i]!;
      x[j * dimension + i] = kept;
    }
}
