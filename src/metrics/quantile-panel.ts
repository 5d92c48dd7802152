import { gaussLegendre } from "../../solvers/math/gauss-legendre.js";
import type { QuantileLaw } from "./quantile-law.js";

const SIZE = 16;
const NODES = gaussLegendre(SIZE);
/** Exact to degree 11 inside a cell. */
const CELL = gaussLegendre(6);

/** Where a run of equal cells lies: `cells` cells of width `width` from probability `from` > 0, counted from the lower or upper end. */
export interface PanelRange {
  readonly from: number;
  readonly width: number;
  readonly cells: number;
  readonly upper: boolean;
  /** The quantile function at both ends. */
  readonly ends: readonly [number, number];
}

/** The quantile function on a panel as a polynomial. */
export interface QuantilePanel {
  /** Value at the lower edge of cell k, 0 ≤ k ≤ cells. */
  edge(k: number): number;
  /** Mean over cell k. */
  mean(k: number): number;
  /** ∫ (Q − `mean`)² over cell k. */
  spread(k: number, mean: number): number;
}

/**
 * Interpolates the quantile function at 16 Gauss nodes of a panel, or gives up.
 *
 * Kept only where the last two Legendre coefficients and the misfit at both ends (where a jump outside of the nodes would show)
 * stay below `tolerance`.
 */
export function quantilePanel(law: QuantileLaw, range: PanelRange, tolerance: number): QuantilePanel | null {
  const { from, width, cells, upper, ends } = range;
  const half = (cells * width) / 2;
  const values = new Float64Array(SIZE);
  let near = ends[0];
  for (let j = 0; j < SIZE; j++) {
    near = law.quantile(from + half * (1 + NODES.nodes[j]!), { upper, near });
    values[j] = near;
  }
  const coefficients = legendreCoefficients(values);
  const at = (k: number): number => legendreSum(coefficients, (2 * k) / cells - 1);
  const isGood =
    Math.abs(coefficients[SIZE - 1]!) + Math.abs(coefficients[SIZE - 2]!) <= tolerance &&
    Math.abs(at(0) - ends[0]) <= 10 * tolerance &&
    Math.abs(at(cells) - ends[1]) <= 10 * tolerance;
  if (!isGood) return null;
  const average = (k: number, f: (q: number) => number): number => {
    let sum = 0;
    for (let j = 0; j < 6; j++) sum += (CELL.weights[j]! / 2) * f(at(k + (1 + CELL.nodes[j]!) / 2));
    return sum;
  };
  return {
    edge: at,
    mean: (k) => average(k, (q) => q),
    spread: (k, mean) => width * average(k, (q) => (q - mean) * (q - mean)),
  };
}

function legendreCoefficients(values: Float64Array): Float64Array {
  const coefficients = new Float64Array(SIZE);
  for (let j = 0; j < SIZE; j++) {
    const x = NODES.nodes[j]!;
    const weighted = NODES.weights[j]! * values[j]!;
    for (let k = 0, previous = 0, value = 1; k < SIZE; k++) {
      coefficients[k]! += (k + 0.5) * weighted * value;
      const next = ((2 * k + 1) * x * value - k * previous) / (k + 1);
      previous = value;
      value = next;
    }
  }
  return coefficients;
}

function legendreSum(coefficients: Float64Array, x: number): number {
  let sum = 0;
  for (let k = 0, previous = 0, value = 1; k < SIZE; k++) {
    sum += coefficients[k]! * value;
    const next = ((2 * k + 1) * x * value - k * previous) / (k + 1);
    previous = value;
    value = next;
  }
  return sum;
}
