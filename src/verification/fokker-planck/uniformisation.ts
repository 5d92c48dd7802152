import { UsageError } from "../../../solvers/errors.js";
import { exp } from "../../../solvers/math/elementary.js";
import { numberText } from "../../../solvers/number-text.js";
import { applyGenerator, fastestRate, type Generator } from "./generator.js";

/** Expected jumps per piece: e^−64 is far from underflow. */
const PIECE = 64;
const MAX_WORK = 4e9;

/**
 * out = exp(τA) masses by uniformisation, Σ_k e^−λ λᵏ/k! (I + A/q)ᵏ with q = max|A_ii| and λ = qτ, in pieces of λ ≤ 64.
 *
 * Every term is ≥ 0, so positivity holds term by term. The Poisson sum ends where its tail is below 1e-17; the weights are divided by
 * their sum, which keeps the mass. No time error; cost proportional to qτ, that is τ/Δx². Source: Jensen 1953.
 *
 * @throws UsageError when more than 4e9 cell updates were needed.
 */
export function uniformisation(generator: Generator, tau: number, masses: Float64Array, out: Float64Array): void {
  const cells = masses.length;
  const rate = fastestRate(generator);
  const pieces = Math.max(1, Math.ceil((rate * tau) / PIECE));
  const lambda = (rate * tau) / pieces;
  const { weights, count } = poissonWeights(lambda);
  if (pieces * count * cells > MAX_WORK) {
    throw new UsageError(
      `scheme: 'exponential' costs cells × max rate × τ ≤ ${MAX_WORK} updates, but got ${numberText(pieces * count * cells, 2)} - use 'tr-bdf2' or fewer cells`,
    );
  }
  const term = Float64Array.from(masses);
  const change = new Float64Array(cells);
  const inverse = rate > 0 ? 1 / rate : 0;
  for (let piece = 0; piece < pieces; piece++) {
    if (piece > 0) term.set(out);
    for (let i = 0; i < cells; i++) out[i] = weights[0]! * term[i]!;
    for (let k = 1; k < count; k++) {
      applyGenerator(generator, term, change);
      const weight = weights[k]!;
      for (let i = 0; i < cells; i++) {
        // Rounding alone can take an emptied cell below zero.
        const value = Math.max(0, term[i]! + inverse * change[i]!);
        term[i] = value;
        out[i] = out[i]! + weight * value;
      }
    }
  }
}

/** Poisson probabilities of mean λ ≤ 64 up to a tail below 1e-17, divided by their sum. */
function poissonWeights(lambda: number): { weights: Float64Array; count: number } {
  const weights = new Float64Array(256);
  let weight = exp(-lambda);
  let sum = 0;
  let count = 0;
  while (count < 256 && (count <= lambda || weight > 1e-18)) {
    weights[count] = weight;
    sum += weight;
    count++;
    weight *= lambda / count;
  }
  for (let k = 0; k < count; k++) weights[k] = weights[k]! / sum;
  return { weights, count };
}
