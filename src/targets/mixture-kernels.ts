import { exp, log } from "../../solvers/math/elementary.js";
import type { SmoothedComponents } from "./mixture-components.js";

// Rows go through in blocks so that every inner loop runs over neighbouring numbers. A row's operations and their order are the
// same in a block of any length, so its result does not depend on the batch.

/** Working memory of the kernels: component-major tables of one block of rows. */
export interface MixtureScratch {
  readonly rows: number;
  /** Components × rows. */
  readonly table: Float64Array;
  readonly largest: Float64Array;
  readonly sum: Float64Array;
}

/** Working memory for mixtures of `components` Gaussians. */
export function allocateScratch(components: number): MixtureScratch {
  const rows = Math.max(16, Math.min(128, Math.floor(4096 / components)));
  return {
    rows,
    table: new Float64Array(components * rows),
    largest: new Float64Array(rows),
    sum: new Float64Array(rows),
  };
}

/** Fills the table with ln(w_k N(x; α m_k, v_k)) and `largest` with its maximum over components. */
export function fillLogits(
  mixture: SmoothedComponents,
  x: Float64Array,
  first: number,
  rows: number,
  { rows: stride, table, largest }: MixtureScratch,
): void {
  const { dimension, count, isotropic, centres, precisions, offsets } = mixture;
  for (let j = 0; j < rows; j++) largest[j] = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < count; k++) {
    const base = k * stride;
    const offset = offsets[k]!;
    if (dimension === 1) {
      const centre = centres[k]!;
      const half = 0.5 * precisions[k]!;
      for (let j = 0; j < rows; j++) {
        const dx = x[first + j]! - centre;
        const logit = offset - half * (dx * dx);
        table[base + j] = logit;
        if (logit > largest[j]!) largest[j] = logit;
      }
    } else if (isotropic && dimension === 2) {
      const cx = centres[2 * k]!;
      const cy = centres[2 * k + 1]!;
      const half = 0.5 * precisions[k]!;
      for (let j = 0; j < rows; j++) {
        const dx = x[2 * (first + j)]! - cx;
        const dy = x[2 * (first + j) + 1]! - cy;
        const logit = offset - half * (dx * dx + dy * dy);
        table[base + j] = logit;
        if (logit > largest[j]!) largest[j] = logit;
      }
    } else {
      const cell = k * dimension;
      for (let j = 0; j < rows; j++) {
        const row = (first + j) * dimension;
        let square = 0;
        for (let d = 0; d < dimension; d++) {
          const dx = x[row + d]! - centres[cell + d]!;
          square += isotropic ? dx * dx : dx * dx * precisions[cell + d]!;
        }
        const logit = offset - 0.5 * (isotropic ? square * precisions[k]! : square);
        table[base + j] = logit;
        if (logit > largest[j]!) largest[j] = logit;
      }
    }
  }
}

/** Turns the logits of the table into exp(logit − largest) and `sum` into their sum over components. */
export function exponentiate(
  components: number,
  rows: number,
  { rows: stride, table, largest, sum }: MixtureScratch,
): void {
  for (let j = 0; j < rows; j++) sum[j] = 0;
  for (let k = 0; k < components; k++) {
    const base = k * stride;
    for (let j = 0; j < rows; j++) {
      const e = exp(table[base + j]! - largest[j]!);
      table[base + j] = e;
      sum[j] = sum[j]! + e;
    }
  }
}

/** Writes ∇ log p of `count` rows of `x` to `out`. */
export function mixtureScore(
  mixture: SmoothedComponents,
  x: Float64Array,
  count: number,
  out: Float64Array,
  scratch: MixtureScratch,
): void {
  for (let first = 0; first < count; first += scratch.rows) {
    const rows = Math.min(scratch.rows, count - first);
    fillLogits(mixture, x, first, rows, scratch);
    exponentiate(mixture.count, rows, scratch);
    accumulateScore(mixture, x, first, rows, out, scratch);
  }
}

function accumulateScore(
  { dimension, count, isotropic, centres, precisions }: SmoothedComponents,
  x: Float64Array,
  first: number,
  rows: number,
  out: Float64Array,
  { rows: stride, table, sum }: MixtureScratch,
): void {
  const start = first * dimension;
  out.fill(0, start, start + rows * dimension);
  for (let k = 0; k < count; k++) {
    const base = k * stride;
    const precision = precisions[k]!;
    if (dimension === 1) {
      const centre = centres[k]!;
      for (let j = 0; j < rows; j++) {
        const i = first + j;
        out[i] = out[i]! + table[base + j]! * precision * (centre - x[i]!);
      }
    } else if (isotropic && dimension === 2) {
      const cx = centres[2 * k]!;
      const cy = centres[2 * k + 1]!;
      for (let j = 0; j < rows; j++) {
        const i = 2 * (first + j);
        const pull = table[base + j]! * precision;
        out[i] = out[i]! + pull * (cx - x[i]!);
        out[i + 1] = out[i + 1]! + pull * (cy - x[i + 1]!);
      }
    } else {
      const cell = k * dimension;
      for (let j = 0; j < rows; j++) {
        const row = (first + j) * dimension;
        const weight = table[base + j]!;
        for (let d = 0; d < dimension; d++) {
          const pull = weight * (isotropic ? precision : precisions[cell + d]!);
          out[row + d] = out[row + d]! + pull * (centres[cell + d]! - x[row + d]!);
        }
      }
    }
  }
  for (let j = 0; j < rows; j++) {
    const scale = 1 / sum[j]!;
    const row = start + j * dimension;
    for (let d = 0; d < dimension; d++) out[row + d] = out[row + d]! * scale;
  }
}

/** Writes ∇·∇ log p of `count` rows of `x` to `out`: Σ r_k (|g_k|² − tr Σ_k⁻¹) − |Σ r_k g_k|², g_k the score of component k. */
export function mixtureScoreDivergence(
  mixture: SmoothedComponents,
  x: Float64Array,
  count: number,
  out: Float64Array,
  scratch: MixtureScratch,
): void {
  const { dimension, isotropic, centres, precisions } = mixture;
  for (let first = 0; first < count; first += scratch.rows) {
    const rows = Math.min(scratch.rows, count - first);
    fillLogits(mixture, x, first, rows, scratch);
    exponentiate(mixture.count, rows, scratch);
    for (let j = 0; j < rows; j++) {
      const row = (first + j) * dimension;
      const scale = 1 / scratch.sum[j]!;
      let curvature = 0;
      for (let d = 0; d < dimension; d++) {
        let mean = 0;
        let spread = 0;
        for (let k = 0; k < mixture.count; k++) {
          const responsibility = scratch.table[k * scratch.rows + j]! * scale;
          const precision = isotropic ? precisions[k]! : precisions[k * dimension + d]!;
          const g = precision * (centres[k * dimension + d]! - x[row + d]!);
          mean += responsibility * g;
          spread += responsibility * (g * g - precision);
        }
        curvature += spread - mean * mean;
      }
      out[first + j] = curvature;
    }
  }
}

/** Writes log p of `count` rows of `x` to `out`. */
export function mixtureLogDensity(
  mixture: SmoothedComponents,
  x: Float64Array,
  count: number,
  out: Float64Array,
  scratch: MixtureScratch,
): void {
  for (let first = 0; first < count; first += scratch.rows) {
    const rows = Math.min(scratch.rows, count - first);
    fillLogits(mixture, x, first, rows, scratch);
    exponentiate(mixture.count, rows, scratch);
    for (let j = 0; j < rows; j++) out[first + j] = scratch.largest[j]! + log(scratch.sum[j]!);
  }
}
