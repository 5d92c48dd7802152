import { NotMarkovError } from "../errors.js";
import type { Schedule, Space } from "../types.js";

/** An affine function mean + Σ loadings[name] · ξ_name of independent standard normals, coordinate by coordinate. */
export interface GaussianState {
  readonly length: number;
  readonly mean: Float64Array;
  readonly loadings: ReadonlyMap<string, Float64Array>;
}

/** The Gaussian space: exact moments of any solver on Gaussian data. */
export interface GaussianSpace extends Space<GaussianState> {
  readonly name: "gaussian";
}

/** What exact Gaussian moments need: the schedule and the law of the data. */
export interface GaussianSpaceOptions {
  readonly schedule: Schedule;
  /** Data mean and variance along each eigenvector of the data covariance. */
  readonly means: Float64Array;
  readonly variances: Float64Array;
  /** Start from the prior, or from the exact law at the first time. */
  readonly start: "prior" | "exact";
  /** First time of the grid. */
  readonly from: number;
}

/** Begins the names of the normals that stand for all noises of a committed Markov state. */
const MERGED = "state ";

/**
 * The space in which states are affine functions of the start and of all noises, so that mean and covariance are exact.
 *
 * For Gaussian data the score −(x − αμ)/(α²v + σ²) is affine; in the eigenbasis of the data covariance coordinates decouple.
 * `commit(x)` merges all normals of a state into one (nothing else will be correlated with it); with `kept` states it leaves
 * them apart, so multistep solvers stay exact at a cost that grows with the number of noises.
 */
export function gaussianSpace({ schedule, means, variances, start, from }: GaussianSpaceOptions): GaussianSpace {
  const length = means.length;
  let evaluations = 0;
  let commits = 0;
  return {
    name: "gaussian",
    predicts: "score",
    get evaluations() {
      return evaluations;
    },
    start() {
      const alpha = schedule.alpha(from);
      const isExact = start === "exact";
      const mean = means.map((value) => (isExact ? alpha * value : 0));
      const deviation = variances.map((v) =>
        isExact ? Math.sqrt(marginalVariance(schedule, from, v)) : schedule.priorStandardDeviation,
      );
      return { length, mean, loadings: new Map([[`${MERGED}${commits}`, deviation]]) };
    },
    combine(coefficients, states) {
      refuseForgotten(states, commits);
      const mean = new Float64Array(length);
      const loadings = new Map<string, Float64Array>();
      for (const [k, state] of states.entries()) {
        accumulate(mean, coefficients[k]!, state.mean);
        for (const [name, loading] of state.loadings) {
          const sum = loadings.get(name) ?? new Float64Array(length);
          loadings.set(name, accumulate(sum, coefficients[k]!, loading));
        }
      }
      return { length, mean, loadings };
    },
    noise: (_interval, step, slot) => ({
      length,
      mean: new Float64Array(length),
      loadings: new Map([[`${step}/${slot}`, new Float64Array(length).fill(1)]]),
    }),
    evaluate(x, t) {
      evaluations++;
      const alpha = schedule.alpha(t);
      const gain = variances.map((v) => -1 / marginalVariance(schedule, t, v));
      return {
        length,
        mean: x.mean.map((value, i) => gain[i]! * (value - alpha * means[i]!)),
        loadings: new Map([...x.loadings].map(([name, loading]) => [name, loading.map((c, i) => gain[i]! * c)])),
      };
    },
    commit(x, kept = []) {
      if (kept.length > 0) return x;
      commits++;
      return { length, mean: x.mean, loadings: new Map([[`${MERGED}${commits}`, deviations(x)]]) };
    },
  };
}

/** States from before the last Markov commit have lost their correlation with the present one. */
function refuseForgotten(states: readonly GaussianState[], commits: number): void {
  for (const { loadings } of states) {
    for (const name of loadings.keys()) {
      if (name.startsWith(MERGED) && name !== `${MERGED}${commits}`) {
        throw new NotMarkovError(
          "gaussian space: a state from before commit(x) was used - pass it as commit(x, [state])",
        );
      }
    }
  }
}

/** Standard deviation of each coordinate. */
export function deviations({ length, loadings }: GaussianState): Float64Array {
  const squares = new Float64Array(length);
  for (const loading of loadings.values())
    for (let i = 0; i < length; i++) squares[i] = squares[i]! + loading[i]! * loading[i]!;
  return squares.map(Math.sqrt);
}

/** α² v + σ². */
export function marginalVariance(schedule: Schedule, t: number, variance: number): number {
  const alpha = schedule.alpha(t);
  const sigma = schedule.sigma(t);
  return alpha * alpha * variance + sigma * sigma;
}

function accumulate(sum: Float64Array, coefficient: number, values: Float64Array): Float64Array {
  for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + coefficient * values[i]!;
  return sum;
}
