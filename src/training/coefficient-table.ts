import { UsageError } from "../../solvers/errors.js";
import { numberText } from "../../solvers/number-text.js";
import type { Tensor, TensorFlow } from "../engine/index.js";

/** Functions of time as cubic polynomials on cells, to be evaluated inside a graph. */
export interface CoefficientTable {
  /** First times of the cells, increasing. */
  readonly knots: readonly number[];
  /** One row per cell: first time, 1/length, then four coefficients (from the constant up) of each function. */
  readonly rows: readonly (readonly number[])[];
  readonly functions: number;
}

/** Largest error within a cell, relative to the largest value or scale there: half of float32's resolution. */
const TOLERANCE = 3e-8;
const NARROWEST = 1e-7;
const MOST_CELLS = 20_000;

/** Values of the functions at a time; below `scales` they need not be told from 0. */
export interface Sampled {
  readonly values: readonly number[];
  readonly scales: readonly number[];
}

/**
 * Tabulates functions on [from, to]; `breakpoints` are times where they may have corners.
 *
 * @throws UsageError for functions that are rough elsewhere
 */
export function coefficientTable(
  functions: (t: number) => Sampled,
  { from, to, breakpoints }: { from: number; to: number; breakpoints: readonly number[] },
): CoefficientTable {
  const edges = [from, ...breakpoints.filter((t) => t > from && t < to), to];
  const budget = { left: MOST_CELLS, narrowest: NARROWEST * (to - from) };
  const rows = edges.slice(1).flatMap((end, k) => cellRows(functions, edges[k]!, end, budget));
  return { knots: rows.map(([first]) => first!), rows, functions: functions(from).values.length };
}

interface Budget {
  left: number;
  readonly narrowest: number;
}

function cellRows(functions: (t: number) => Sampled, from: number, to: number, budget: Budget): number[][] {
  const length = to - from;
  const at = (s: number) => functions(s === 1 ? to : from + s * length);
  const nodes = [0, 1 / 3, 2 / 3, 1].map(at);
  const cubics = nodes[0]!.values.map((_, k) => cubicThrough(nodes.map(({ values }) => values[k]!)));
  const largest = cubics.map((_, k) =>
    Math.max(...nodes.flatMap(({ values, scales }) => [Math.abs(values[k]!), scales[k]!])),
  );
  const isGood = [0.08, 0.2, 0.5, 0.8, 0.92].every((s) =>
    at(s).values.every((value, k) => {
      const [a, b, c, d] = cubics[k]!;
      return Math.abs(a + s * (b + s * (c + s * d)) - value) <= TOLERANCE * largest[k]!;
    }),
  );
  if (budget.left-- <= 0) {
    throw new UsageError(
      `export: α and σ must be smooth but for breakpoints, but got more than ${MOST_CELLS} pieces near t = ${numberText(from, 4)} - export another SDE`,
    );
  }
  if (isGood || length <= budget.narrowest) return [[from, 1 / length, ...cubics.flat()]];
  const middle = from + 0.5 * length;
  return [...cellRows(functions, from, middle, budget), ...cellRows(functions, middle, to, budget)];
}

/** Coefficients in s of the cubic through values at s = 0, 1/3, 2/3, 1. */
function cubicThrough(values: readonly number[]): readonly [number, number, number, number] {
  const [p = 0, q = 0, r = 0, s = 0] = values;
  const b = -5.5 * p + 9 * q - 4.5 * r + s;
  const c = 9 * p - 22.5 * q + 18 * r - 4.5 * s;
  const d = -4.5 * p + 13.5 * q - 13.5 * r + 4.5 * s;
  return [p, b, c, d];
}

/** The functions at times t [batch], each of shape [batch]; beyond the table the outermost cells go on. */
export function lookUp(tf: TensorFlow, { knots, rows, functions }: CoefficientTable, t: Tensor): Tensor[] {
  const batch = t.shape[0]!;
  const column = tf.reshape(t, [batch, 1]);
  // Cells begun so far: a sum of comparisons needs no search.
  const begun = tf.greaterEqual(column, tf.tensor2d(knots.slice(1), [1, knots.length - 1]));
  const index = tf.cast(tf.sum(tf.cast(begun, "float32"), 1), "int32");
  const table = tf.tensor2d(rows.flat(), [rows.length, 2 + 4 * functions]);
  const cell = tf.split(tf.gather(table, tf.reshape(index, [batch])), 2 + 4 * functions, 1);
  const s = tf.mul(tf.sub(column, cell[0]!), cell[1]!);
  return Array.from({ length: functions }, (_, k) => {
    const [a, b, c, d] = cell.slice(2 + 4 * k, 6 + 4 * k);
    return tf.reshape(tf.add(a!, tf.mul(s, tf.add(b!, tf.mul(s, tf.add(c!, tf.mul(s, d!)))))), [batch]);
  });
}
