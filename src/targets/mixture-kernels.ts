import { exp, log } from "../../solvers/math/elementary.js";
import { NEGLIGIBLE, type SmoothedComponents } from "./mixture-components.js";
import { scoreByKernel } from "./mixture-score-kernel.js";
import { squaredDistance } from "./space-products.js";

// Every row is computed by itself, in one fixed order of operations: its bits do not depend on the batch. `scratch` holds one
// number per component; negligible components are left out.

/** Writes ∇ log p of `count` rows of `x` to `out`; of isotropic components only on the line and in the plane, above it is `SpaceScores`. */
export function mixtureScore(
  mixture: SmoothedComponents,
  x: Float64Array,
  count: number,
  out: Float64Array,
  scratch: Float64Array,
): void {
  if (!mixture.isotropic) scoreRows(mixture, x, count, out, scratch);
  else if (scoreByKernel(mixture, x, count, out)) return;
  else if (mixture.dimension === 1) scoreLine(mixture, x, count, out, scratch);
  else scorePlane(mixture, x, count, out, scratch);
}

function scoreLine(
  { count: components, centres, precisions, factors, cutoff }: SmoothedComponents,
  x: Float64Array,
  count: number,
  out: Float64Array,
  scratch: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const xi = x[i]!;
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < components; k++) {
      const dx = centres[k]! - xi;
      const exponent = -0.5 * precisions[k]! * (dx * dx);
      scratch[k] = exponent;
      largest = exponent > largest ? exponent : largest;
    }
    let sum = 0;
    let pull = 0;
    for (let k = 0; k < components; k++) {
      const exponent = scratch[k]! - largest;
      if (exponent < cutoff) continue;
      const share = exponent === 0 ? factors[k]! : factors[k]! * exp(exponent);
      sum += share;
      pull += share * (precisions[k]! * (centres[k]! - xi));
    }
    out[i] = pull / sum;
  }
}

function scorePlane(
  { count: components, centres, precisions, factors, cutoff }: SmoothedComponents,
  x: Float64Array,
  count: number,
  out: Float64Array,
  scratch: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const xi = x[2 * i]!;
    const yi = x[2 * i + 1]!;
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < components; k++) {
      const dx = centres[2 * k]! - xi;
      const dy = centres[2 * k + 1]! - yi;
      const exponent = -0.5 * precisions[k]! * (dx * dx + dy * dy);
      scratch[k] = exponent;
      largest = exponent > largest ? exponent : largest;
    }
    let sum = 0;
    let pullX = 0;
    let pullY = 0;
    for (let k = 0; k < components; k++) {
      const exponent = scratch[k]! - largest;
      if (exponent < cutoff) continue;
      const share = exponent === 0 ? factors[k]! : factors[k]! * exp(exponent);
      const weight = share * precisions[k]!;
      sum += share;
      pullX += weight * (centres[2 * k]! - xi);
      pullY += weight * (centres[2 * k + 1]! - yi);
    }
    out[2 * i] = pullX / sum;
    out[2 * i + 1] = pullY / sum;
  }
}

/** Diagonal components in any dimension. */
function scoreRows(
  mixture: SmoothedComponents,
  x: Float64Array,
  count: number,
  out: Float64Array,
  scratch: Float64Array,
): void {
  const { dimension, count: components, alpha, means, precisions } = mixture;
  for (let i = 0; i < count; i++) {
    const row = i * dimension;
    const sum = shares(mixture, x, i, scratch);
    out.fill(0, row, row + dimension);
    for (let k = 0; k < components; k++) {
      const share = scratch[k]!;
      if (share === 0) continue;
      const cell = k * dimension;
      for (let d = 0; d < dimension; d++) {
        const weight = share * precisions[cell + d]!;
        out[row + d] = out[row + d]! + weight * (alpha * means[cell + d]! - x[row + d]!);
      }
    }
    for (let d = 0; d < dimension; d++) out[row + d] = out[row + d]! / sum;
  }
}

/** Writes ∇·∇ log p of `count` rows of `x` to `out`: Σ r_k (|g_k|² − tr Σ_k⁻¹) − |Σ r_k g_k|², g_k the score of component k. */
export function mixtureScoreDivergence(
  mixture: SmoothedComponents,
  x: Float64Array,
  count: number,
  out: Float64Array,
  scratch: Float64Array,
): void {
  const { dimension, count: components, isotropic, alpha, means, precisions } = mixture;
  for (let i = 0; i < count; i++) {
    const sum = shares(mixture, x, i, scratch);
    let divergence = 0;
    for (let d = 0; d < dimension; d++) {
      const xd = x[i * dimension + d]!;
      let mean = 0;
      let curvature = 0;
      for (let k = 0; k < components; k++) {
        const share = scratch[k]!;
        if (share === 0) continue;
        const precision = isotropic ? precisions[k]! : precisions[k * dimension + d]!;
        const g = precision * (alpha * means[k * dimension + d]! - xd);
        mean += share * g;
        curvature += share * (g * g - precision);
      }
      mean /= sum;
      divergence += curvature / sum - mean * mean;
    }
    out[i] = divergence;
  }
}

/** Writes log p of `count` rows of `x` to `out`. */
export function mixtureLogDensity(
  mixture: SmoothedComponents,
  x: Float64Array,
  count: number,
  out: Float64Array,
  scratch: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const largest = logits(mixture, x, i, scratch);
    out[i] = largest + log(exponentiate(scratch, mixture.count, largest));
  }
}

/** Writes the posterior probability of each component to `out`, count × components. */
export function mixtureResponsibilities(
  mixture: SmoothedComponents,
  x: Float64Array,
  count: number,
  out: Float64Array,
  scratch: Float64Array,
): void {
  const { count: components } = mixture;
  for (let i = 0; i < count; i++) {
    const sum = shares(mixture, x, i, scratch);
    for (let k = 0; k < components; k++) out[i * components + k] = scratch[k]! / sum;
  }
}

/** Fills `scratch` with the components' densities at row i relative to the largest, and returns their sum. */
function shares(mixture: SmoothedComponents, x: Float64Array, i: number, scratch: Float64Array): number {
  return exponentiate(scratch, mixture.count, logits(mixture, x, i, scratch));
}

/** Fills `scratch` with ln(w_k N(x; α m_k, v_k)) at row i and returns the largest. */
function logits(mixture: SmoothedComponents, x: Float64Array, i: number, scratch: Float64Array): number {
  const { dimension, count: components, isotropic, alpha, means, precisions, offsets } = mixture;
  const row = i * dimension;
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < components; k++) {
    const cell = k * dimension;
    const square = isotropic
      ? precisions[k]! * squaredDistance(x, row, alpha, means, cell, dimension)
      : scaledSquare(mixture, x, row, cell);
    const logit = offsets[k]! - 0.5 * square;
    scratch[k] = logit;
    largest = logit > largest ? logit : largest;
  }
  return largest;
}

/** Σ (α m_d − x_d)²/v_d of a diagonal component. */
function scaledSquare(
  { dimension, alpha, means, precisions }: SmoothedComponents,
  x: Float64Array,
  row: number,
  cell: number,
): number {
  let square = 0;
  for (let d = 0; d < dimension; d++) {
    const dx = alpha * means[cell + d]! - x[row + d]!;
    square += precisions[cell + d]! * (dx * dx);
  }
  return square;
}

/** Replaces logits by exp(logit − largest), 0 where negligible, and returns the sum. */
export function exponentiate(scratch: Float64Array, components: number, largest: number): number {
  let sum = 0;
  for (let k = 0; k < components; k++) {
    const logit = scratch[k]! - largest;
    const share = logit < NEGLIGIBLE ? 0 : exp(logit);
    scratch[k] = share;
    sum += share;
  }
  return sum;
}
