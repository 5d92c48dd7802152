import { UsageError } from "../../../solvers/errors.js";
import { log } from "../../../solvers/math/elementary.js";
import { numberText } from "../../../solvers/number-text.js";
import type { Schedule } from "../../../solvers/types.js";
import { type ConvertibleModel, defineModel } from "../../scores/model.js";
import { type CubicSpline, cubicSpline, evaluateSpline } from "./cubic-spline.js";
import type { DensitySolution } from "./density-solution.js";

/** Log-density and score read off a solution of the Fokker–Planck equation. */
export interface DensityOracle extends ConvertibleModel {
  /** First and last time at which it answers. */
  readonly from: number;
  readonly to: number;
  /** log p_t(x) in nats. */
  logDensity(x: number, t: number): number;
  /** ∂ log p_t(x)/∂x. */
  score(x: number, t: number): number;
}

/** Options of `scoreFromDensity`. */
export interface DensityOracleOptions {
  /** Densities below this share of the largest are not trusted; log p is continued by parabolas there. Default 1e-11. */
  readonly floor?: number;
  /** The SDE of the solution where it is linear, so that the model converts to noise, data and velocity. */
  readonly sde?: Schedule;
}

/**
 * The score of a solution: cubic splines of log p in x through the cell averages, cubic interpolation in t through the four nearest kept
 * times. A `Model` of dimension 1, so that any solver can run the reverse SDE with it, drifts nonlinear in x included.
 *
 * Continuous, with continuous derivative in x. Error: that of the density's logarithm, order 2 in the cell width and, for kept steps,
 * order 2 or better in the step; order 3 from the interpolation. Keep every step (`times: 'steps'`), or dense times.
 *
 * @throws UsageError for fewer than two kept times, a failed run, or a t outside of the kept times.
 */
export function scoreFromDensity(
  solution: Pick<DensitySolution, "grid" | "times" | "densities">,
  { floor = 1e-11, sde }: DensityOracleOptions = {},
): DensityOracle {
  const { grid, densities } = solution;
  if (densities.length < 2) {
    throw new UsageError(`scoreFromDensity: needs two kept times or more, but got ${densities.length} - keep 'steps'`);
  }
  if (!(floor > 0 && floor < 1)) {
    throw new UsageError(`floor: must be in (0, 1), but got ${floor} - leave it out for 1e-11`);
  }
  const isReversed = solution.times[1]! < solution.times[0]!;
  const order = Array.from(densities, (_, k) => (isReversed ? densities.length - 1 - k : k));
  const times = Float64Array.from(order, (k) => solution.times[k]!);
  const splines = order.map((k) => logSpline(grid.centres, densities[k]!, floor));
  const from = times[0]!;
  const to = times[times.length - 1]!;
  const weights = new Float64Array(4);
  let first = 0;
  let count = 0;
  let prepared = Number.NaN;

  const prepare = (t: number) => {
    if (t === prepared) return;
    if (!(t >= from && t <= to)) {
      throw new UsageError(
        `t: the density is known on [${numberText(from)}, ${numberText(to)}], but got ${numberText(t)} - solve over the range you sample`,
      );
    }
    [first, count] = lagrange(times, t, weights);
    prepared = t;
  };
  const blend = (x: number, derivative: 0 | 1) => {
    let value = 0;
    for (let k = 0; k < count; k++) {
      const weight = weights[k]!;
      if (weight !== 0) value += weight * evaluateSpline(splines[first + k]!, x, derivative);
    }
    return value;
  };
  const model = defineModel({
    predicts: "score",
    dimension: 1,
    ...(sde && { sde }),
    evaluate({ x, times: rowTimes, count: rows }, out) {
      for (let row = 0; row < rows; row++) {
        prepare(rowTimes[row]!);
        out[row] = blend(x[row]!, 1);
      }
    },
  });
  const read = (derivative: 0 | 1) => (x: number, t: number) => {
    prepare(t);
    return blend(x, derivative);
  };
  return { ...model, from, to, logDensity: read(0), score: read(1) };
}

/** Spline of log p through the cells above the floor; across gaps between modes it bridges, beyond the outermost it goes on as a parabola. */
function logSpline(centres: Float64Array, density: Float64Array, floor: number): CubicSpline {
  let largest = 0;
  for (const value of density) largest = Math.max(largest, value);
  const trusted: number[] = [];
  for (let i = 0; i < density.length; i++) {
    if (density[i]! > floor * largest) trusted.push(i);
  }
  if (trusted.length < 4) {
    throw new UsageError(
      `scoreFromDensity: the density must cover four cells, but covers ${trusted.length} - solve with more cells, or from a later time`,
    );
  }
  const nodes = Float64Array.from(trusted, (i) => centres[i]!);
  return cubicSpline(
    nodes,
    Float64Array.from(trusted, (i) => log(density[i]!)),
  );
}

/** Lagrange weights of up to four times around t; returns the first of them and their number. */
function lagrange(times: Float64Array, t: number, weights: Float64Array): [number, number] {
  let low = 0;
  let high = times.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= t) low = middle;
    else high = middle;
  }
  const count = Math.min(4, times.length);
  const first = Math.min(Math.max(0, low - 1), times.length - count);
  for (let k = 0; k < count; k++) {
    let weight = 1;
    for (let j = 0; j < count; j++) {
      if (j !== k) weight *= (t - times[first + j]!) / (times[first + k]! - times[first + j]!);
    }
    weights[k] = weight;
  }
  return [first, count];
}
