import { UsageError } from "../../../solvers/errors.js";
import type { Sde } from "../../sdes/types.js";
import { diffusivity } from "./field.js";
import { type ScoreFunction, type ScoreSource, scoreFunction } from "./score-source.js";

/** Options of `scoreFpeResidual`. */
export interface ScoreFpeOptions {
  readonly sde: Sde;
  /** The score to examine: a model of dimension 1, or (x, t) → score. */
  readonly score: ScoreSource;
  /** Points. */
  readonly x: ArrayLike<number>;
  /** Times in [tMin, tMax]. */
  readonly times: ArrayLike<number>;
  /** Step of the differences in x, default 1e-3. */
  readonly spaceStep?: number;
  /** Step of the differences in t, default 1e-4 and at most t/20 and (tMax − tMin)/20. */
  readonly timeStep?: number;
}

/** The residual over (x, t). */
export interface ScoreFpeResidual {
  readonly x: Float64Array;
  readonly times: Float64Array;
  /** Residual, times × x, row-major. */
  readonly residual: Float64Array;
  /** ∂s/∂t, times × x: what the residual is to be compared with. */
  readonly timeDerivative: Float64Array;
  /** max |residual| and max |∂s/∂t| over x, per time. */
  readonly largestResidual: Float64Array;
  readonly largestTimeDerivative: Float64Array;
}

const CENTRAL = [1 / 12, -2 / 3, 0, 2 / 3, -1 / 12] as const;
const ONE_SIDED = [-25 / 12, 4, -3, 4 / 3, -1 / 4] as const;

/**
 * Residual of the score Fokker–Planck equation ∂s/∂t = ∂/∂x [½g² ∂s/∂x + ½g² s² − f s − ∂f/∂x], zero for every x and t exactly when
 * the scores belong to one solution of the Fokker–Planck equation. Drifts nonlinear in x are fine.
 *
 * Differences of order 4 in x and t, one-sided in t at the ends of [tMin, tMax]; rounding adds about 1e-16 |s| g²/spaceStep².
 * Source: Lai et al. 2023, FP-Diffusion (arXiv 2210.04296) eq. 7.
 *
 * @throws UsageError for empty or non-finite points, times outside [tMin, tMax], or steps ≤ 0.
 */
export async function scoreFpeResidual({
  sde,
  score,
  x,
  times,
  spaceStep = 1e-3,
  timeStep,
}: ScoreFpeOptions): Promise<ScoreFpeResidual> {
  const points = Float64Array.from(x);
  const instants = Float64Array.from(times);
  check(sde, points, instants, { spaceStep, timeStep: timeStep ?? 1 });
  const s = scoreFunction(score, sde);
  const columns = points.length;
  const residual = new Float64Array(instants.length * columns);
  const timeDerivative = new Float64Array(instants.length * columns);
  const largestResidual = new Float64Array(instants.length);
  const largestTimeDerivative = new Float64Array(instants.length);
  for (let k = 0; k < instants.length; k++) {
    const t = instants[k]!;
    const step = timeStep ?? Math.min(1e-4, t / 20, (sde.tMax - sde.tMin) / 20);
    const left = await timeDifference(s, points, t, step, sde);
    const right = await spaceSide(s, points, t, spaceStep, sde);
    for (let i = 0; i < columns; i++) {
      const rest = left[i]! - right[i]!;
      residual[k * columns + i] = rest;
      timeDerivative[k * columns + i] = left[i]!;
      // A NaN must show.
      largestResidual[k] = Number.isNaN(rest) ? Number.NaN : Math.max(largestResidual[k]!, Math.abs(rest));
      largestTimeDerivative[k] = Math.max(largestTimeDerivative[k]!, Math.abs(left[i]!));
    }
  }
  return { x: points, times: instants, residual, timeDerivative, largestResidual, largestTimeDerivative };
}

/** ∂s/∂t at every point, of order 4. */
async function timeDifference(
  s: ScoreFunction,
  points: Float64Array,
  t: number,
  step: number,
  sde: Sde,
): Promise<Float64Array> {
  const isEarly = t - 2 * step < sde.tMin;
  const isLate = t + 2 * step > sde.tMax;
  const weights = isEarly || isLate ? ONE_SIDED : CENTRAL;
  const sign = isLate && !isEarly ? -1 : 1;
  const sum = new Float64Array(points.length);
  const values = new Float64Array(points.length);
  for (let j = 0; j < 5; j++) {
    const weight = weights[j]!;
    if (weight === 0) continue;
    await s(points, t + sign * step * (weights === CENTRAL ? j - 2 : j), values);
    for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + (sign * weight * values[i]!) / step;
  }
  return sum;
}

/** ∂/∂x [D ∂s/∂x + D s² − f s − ∂f/∂x] at every point, of order 4, from s and f on nine points around each. */
async function spaceSide(
  s: ScoreFunction,
  points: Float64Array,
  t: number,
  step: number,
  sde: Sde,
): Promise<Float64Array> {
  const d = diffusivity(sde, t);
  const stencil = new Float64Array(9 * points.length);
  for (let i = 0; i < points.length; i++) {
    for (let j = 0; j < 9; j++) stencil[9 * i + j] = points[i]! + step * (j - 4);
  }
  const values = new Float64Array(stencil.length);
  await s(stencil, t, values);
  const drift = sde.drift(stencil, t, new Float64Array(stencil.length));
  const out = new Float64Array(points.length);
  for (let i = 0; i < points.length; i++) {
    let sum = 0;
    for (let j = 0; j < 5; j++) {
      // Node 9i + 4 + (j − 2).
      const at = 9 * i + 2 + j;
      let slope = 0;
      let driftSlope = 0;
      for (let m = 0; m < 5; m++) {
        slope += (CENTRAL[m]! * values[at + m - 2]!) / step;
        driftSlope += (CENTRAL[m]! * drift[at + m - 2]!) / step;
      }
      const here = values[at]!;
      sum += (CENTRAL[j]! * (d * (slope + here * here) - drift[at]! * here - driftSlope)) / step;
    }
    out[i] = sum;
  }
  return out;
}

function check(sde: Sde, points: Float64Array, times: Float64Array, steps: Readonly<Record<string, number>>): void {
  if (points.length === 0 || !points.every(Number.isFinite)) {
    throw new UsageError(`x: needs finite points, but got [${Array.from(points.slice(0, 4)).join(", ")}] - give some`);
  }
  for (const t of times) {
    if (!(t >= sde.tMin && t <= sde.tMax)) {
      throw new UsageError(`times: must be in [${sde.tMin}, ${sde.tMax}], but got ${t} - leave it out`);
    }
  }
  for (const [name, value] of Object.entries(steps)) {
    if (!(value > 0 && Number.isFinite(value))) {
      throw new UsageError(`${name}: must be above 0, but got ${value} - leave it out for the default`);
    }
  }
}
