import { chiSquareSurvival } from "../../metrics/chi-square.js";
import type { TestResult } from "../../metrics/kolmogorov-smirnov.js";
import { linearAlgebra } from "../../targets/special/linear-algebra.js";

/** Cells that samples of a method of weak order 2 fell into with N and with 2N steps on the same Brownian paths. */
export interface CoupledCells {
  readonly coarse: Int32Array;
  readonly fine: Int32Array;
  /** Exact probabilities of the cells in the limit of small steps. */
  readonly probabilities: readonly number[];
}

/** A χ² test with its degrees of freedom. */
export type ChiSquareResult = TestResult & { readonly degrees: number };

/** Shares of the samples in each cell, extrapolated: (4 shares with 2N steps − shares with N)/3. */
export function extrapolatedShares({ coarse, fine, probabilities }: CoupledCells): Float64Array {
  const shares = new Float64Array(probabilities.length);
  const one = 1 / fine.length;
  fine.forEach((cell, i) => {
    shares[cell] = shares[cell]! + (4 / 3) * one;
    shares[coarse[i]!] = shares[coarse[i]!]! - one / 3;
  });
  return shares;
}

/**
 * χ² of what extrapolation moves: Σ (moved counts)²/expected, for n samples. What is left of the error of the steps is a small part of it.
 */
export function correction(cells: CoupledCells): number {
  const { fine, probabilities } = cells;
  const moved = extrapolatedShares(cells);
  const one = 1 / fine.length;
  for (const cell of fine) moved[cell] = moved[cell]! - one;
  return moved.reduce((sum, value, k) => sum + (fine.length * value * value) / probabilities[k]!, 0);
}

/**
 * χ² test of the extrapolated shares: n (ȳ − p)ᵀ S⁻¹ (ȳ − p) with the covariance S of y = 1_fine + (1_fine − 1_coarse)/3, over all cells but
 * one. The covariance of 1_fine is that of p; what the few samples that change their cell add to it is taken from the samples.
 */
export function extrapolatedChiSquare(cells: CoupledCells): ChiSquareResult {
  const { coarse, fine, probabilities: p } = cells;
  const count = fine.length;
  const kept = p.length - 1;
  const shares = extrapolatedShares(cells);
  const { Matrix, solve } = linearAlgebra();
  const covariance = Matrix.zeros(kept, kept);
  const add = (a: number, b: number, value: number) => {
    if (a < kept && b < kept) covariance.set(a, b, covariance.get(a, b) + value);
  };
  for (let a = 0; a < kept; a++) for (let b = 0; b < kept; b++) add(a, b, (a === b ? p[a]! : 0) - p[a]! * p[b]!);
  const one = 1 / count;
  // Σ over the samples that change their cell of e_f dᵀ/3 + d e_fᵀ/3 + d dᵀ/9, d = e_f − e_c.
  fine.forEach((f, i) => {
    const c = coarse[i]!;
    if (f === c) return;
    add(f, f, (7 / 9) * one);
    add(f, c, -(4 / 9) * one);
    add(c, f, -(4 / 9) * one);
    add(c, c, (1 / 9) * one);
  });
  const gap = Matrix.columnVector(Array.from({ length: kept }, (_, a) => shares[a]! - p[a]!));
  const statistic = count * gap.dot(solve(covariance, gap));
  return { statistic, degrees: kept, pValue: chiSquareSurvival(kept, statistic) };
}
