import { UsageError } from "../../../solvers/errors.js";
import type { Sde } from "../../sdes/types.js";
import { diffusivity } from "./field.js";
import { longest } from "./row-lengths.js";
import { CENTRAL } from "./score-derivatives.js";
import { modelScore, type ScoreFunction, type ScoreSource, scoreFunction } from "./score-source.js";

/** Options of `scoreFpeResidual`. */
export interface ScoreFpeOptions {
  readonly sde: Sde;
  /** The score to examine: a model of any dimension, or on the line (x, t) → score. */
  readonly score: ScoreSource;
  /** Points, count × dimension, row-major. */
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
  /** Residual, times × count × dimension, row-major. */
  readonly residual: Float64Array;
  /** ∂s/∂t, in the same order: what the residual is to be compared with. */
  readonly timeDerivative: Float64Array;
  /** max |residual| and max |∂s/∂t| over the points, Euclidean lengths, per time. */
  readonly largestResidual: Float64Array;
  readonly largestTimeDerivative: Float64Array;
  /** max |∇[½g² ∇·s + ½g² |s|²]| over the points, per time: what is left to compare with where the score stands still. */
  readonly largestDiffusiveTerm: Float64Array;
}

const ONE_SIDED = [-25 / 12, 4, -3, 4 / 3, -1 / 4] as const;

/**
 * Residual of the score Fokker–Planck equation ∂s/∂t = ∇[½g² ∇·s + ½g² |s|² − f·s − ∇·f], zero for every x and t exactly when the
 * scores belong to one solution of the Fokker–Planck equation. On the line, drifts nonlinear in x are fine.
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
  const dimension = typeof score === "function" ? 1 : score.dimension;
  const s = typeof score === "function" ? scoreFunction(score, sde) : modelScore(score, sde);
  const columns = points.length;
  if (columns % dimension !== 0) {
    throw new UsageError(`x: needs rows of ${dimension} numbers, as the score has, but got ${columns} numbers`);
  }
  const residual = new Float64Array(instants.length * columns);
  const timeDerivative = new Float64Array(instants.length * columns);
  const largestResidual = new Float64Array(instants.length);
  const largestTimeDerivative = new Float64Array(instants.length);
  const largestDiffusiveTerm = new Float64Array(instants.length);
  const stencil = stencilOf(dimension);
  for (let k = 0; k < instants.length; k++) {
    const t = instants[k]!;
    const step = timeStep ?? Math.min(1e-4, t / 20, (sde.tMax - sde.tMin) / 20);
    const left = await timeDifference(s, points, t, step, sde);
    const { gradient, diffusive } = await spaceSide(s, points, t, spaceStep, sde, stencil);
    const rest = left.map((value, i) => value - gradient[i]!);
    residual.set(rest, k * columns);
    timeDerivative.set(left, k * columns);
    largestResidual[k] = longest(rest, dimension);
    largestTimeDerivative[k] = longest(left, dimension);
    largestDiffusiveTerm[k] = longest(diffusive, dimension);
  }
  const largest = { largestResidual, largestTimeDerivative, largestDiffusiveTerm };
  return { x: points, times: instants, residual, timeDerivative, ...largest };
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

/** Offsets of all points that the differences ask for, in steps along each axis. */
interface Stencil {
  readonly dimension: number;
  readonly offsets: readonly (readonly number[])[];
  /** Index of the offset j steps along one axis and m along another. */
  at(axis: number, j: number, other: number, m: number): number;
}

function stencilOf(dimension: number): Stencil {
  const offsetOf = (axis: number, j: number, other: number, m: number) =>
    Array.from({ length: dimension }, (_, d) => (d === axis ? j : 0) + (d === other ? m : 0));
  const indices = new Map<string, number>();
  const offsets: number[][] = [];
  const axes = Array.from({ length: dimension }, (_, d) => d);
  const steps = CENTRAL.map((_, j) => j - 2);
  for (const axis of axes) {
    for (const j of steps) {
      for (const other of axes) {
        for (const m of steps) {
          const offset = offsetOf(axis, j, other, m);
          if (indices.has(offset.join())) continue;
          indices.set(offset.join(), offsets.length);
          offsets.push(offset);
        }
      }
    }
  }
  return { dimension, offsets, at: (...place) => indices.get(offsetOf(...place).join())! };
}

/** ∇[D ∇·s + D |s|² − f·s − ∇·f] at every point, and ∇[D ∇·s + D |s|²] alone, of order 4, from s and f on a stencil around each. */
async function spaceSide(
  s: ScoreFunction,
  points: Float64Array,
  t: number,
  step: number,
  sde: Sde,
  { dimension, offsets, at }: Stencil,
): Promise<{ readonly gradient: Float64Array; readonly diffusive: Float64Array }> {
  const d = diffusivity(sde, t);
  const size = offsets.length;
  const count = points.length / dimension;
  const places = new Float64Array(size * points.length);
  for (let i = 0; i < count; i++) {
    offsets.forEach((offset, k) => {
      for (let a = 0; a < dimension; a++) {
        places[(size * i + k) * dimension + a] = points[i * dimension + a]! + step * offset[a]!;
      }
    });
  }
  const values = new Float64Array(places.length);
  await s(places, t, values);
  const drift = sde.drift(places, t, new Float64Array(places.length));
  const gradient = new Float64Array(points.length);
  const diffusive = new Float64Array(points.length);
  for (let axis = 0; axis < dimension; axis++) {
    CENTRAL.forEach((weight, j) => {
      if (weight === 0) return;
      const centre = at(axis, j - 2, axis, 0);
      const arms = Array.from({ length: dimension }, (_, a) => CENTRAL.map((_, m) => at(axis, j - 2, a, m - 2)));
      for (let i = 0; i < count; i++) {
        let [spread, carried] = [0, 0];
        for (let a = 0; a < dimension; a++) {
          let slope = 0;
          let driftSlope = 0;
          for (let m = 0; m < CENTRAL.length; m++) {
            const node = (size * i + arms[a]![m]!) * dimension + a;
            slope += (CENTRAL[m]! * values[node]!) / step;
            driftSlope += (CENTRAL[m]! * drift[node]!) / step;
          }
          const node = (size * i + centre) * dimension + a;
          const here = values[node]!;
          spread += d * (slope + here * here);
          carried += drift[node]! * here + driftSlope;
        }
        const k = i * dimension + axis;
        gradient[k] = gradient[k]! + (weight * (spread - carried)) / step;
        diffusive[k] = diffusive[k]! + (weight * spread) / step;
      }
    });
  }
  return { gradient, diffusive };
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
