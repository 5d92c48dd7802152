import { fillNormal } from "../../../solvers/noise/normal.js";
import type { Awaitable } from "../../../solvers/types.js";
import { type ChiSquareResult, type CoupledCells, correction, extrapolatedChiSquare } from "./extrapolated-cells.js";
import { cellOf } from "./line-cells.js";

/** Writes the drift of every x at time t, in the direction of the run. */
export type DriftFunction = (x: Float64Array, t: number, out: Float64Array) => Awaitable<void>;

/** Runs of Heun's method with additive noise from one start. */
export interface HeunRuns {
  readonly drift: DriftFunction;
  /** Size of the noise per root of time. */
  readonly diffusion: (t: number) => number;
  /** The time at each share of the steps, from 0 to 1; monotone. */
  readonly timeAt: (share: number) => number;
  readonly start: Float64Array;
  readonly seed: number;
  /** Names the noise. */
  readonly run: number;
  /** Inner boundaries of cells of equal probability in the law at each of as many equal shares of the steps. */
  readonly cells: readonly (readonly number[])[];
  /** Steps of the coarser run, tried one after the other; multiples of the number of laws. */
  readonly steps?: readonly number[];
}

/** What the samples gave at each of the laws. */
export interface HeunResult {
  readonly tests: readonly ChiSquareResult[];
  /** Of the finer run. */
  readonly samples: readonly Float64Array[];
  /** Steps of the finer run. */
  readonly steps: number;
}

const STEPS = [100, 200, 400, 800, 1600] as const;
/** χ² that the extrapolation may move, over the cells: a tenth of what chance does. */
const NEGLIGIBLE = 0.1;

/**
 * Samples of dx = a(x, t) dt + g(t) dw by stochastic Heun, drifts nonlinear in x included, with N and 2N steps on the same Brownian paths,
 * and χ² tests of their shares extrapolated to N = ∞ (weak order 2). N is doubled until extrapolation moves less than a tenth of what chance
 * does, or to the last.
 */
export async function coupledHeun(runs: HeunRuns): Promise<HeunResult> {
  const { cells, steps: tried = STEPS } = runs;
  let found: HeunResult = { tests: [], samples: [], steps: 0 };
  for (const steps of tried) {
    const [coarse, fine] = await paths(runs, steps);
    const coupled = cells.map((bounds, k): CoupledCells => {
      const numbers = (x: Float64Array) => Int32Array.from(x, (value) => cellOf(bounds, value));
      const probabilities = Array<number>(bounds.length + 1).fill(1 / (bounds.length + 1));
      return { coarse: numbers(coarse[k]!), fine: numbers(fine[k]!), probabilities };
    });
    found = { tests: coupled.map(extrapolatedChiSquare), samples: fine, steps: 2 * steps };
    // Steps too long for a steep drift throw samples out.
    const isKept = [...coarse, ...fine].every((x) => x.every(Number.isFinite));
    if (isKept && coupled.every((pair) => correction(pair) <= NEGLIGIBLE * pair.probabilities.length)) break;
  }
  return found;
}

/** Two runs on the same Brownian paths, with N and 2N steps: the samples at each law. */
async function paths(
  { drift, diffusion, timeAt, start, seed, run, cells }: HeunRuns,
  steps: number,
): Promise<readonly [coarse: Float64Array[], fine: Float64Array[]]> {
  const count = start.length;
  const [first, second, stage, noise, both] = Array.from({ length: 5 }, () => new Float64Array(count));
  const step = async (x: Float64Array, t: number, u: number, path: Float64Array) => {
    const h = Math.abs(u - t);
    const g = diffusion(0.5 * (t + u));
    await drift(x, t, first!);
    for (let i = 0; i < count; i++) stage![i] = x[i]! + h * first![i]! + g * path[i]!;
    await drift(stage!, u, second!);
    for (let i = 0; i < count; i++) x[i] = x[i]! + 0.5 * h * (first![i]! + second![i]!) + g * path[i]!;
  };
  const [coarse, fine] = [start.slice(), start.slice()];
  const kept: readonly [Float64Array[], Float64Array[]] = [[], []];
  for (let k = 0; k < steps; k++) {
    const ends = [k, k + 0.5, k + 1].map((done) => timeAt(done / steps));
    both!.fill(0);
    for (const half of [0, 1] as const) {
      const [t, u] = [ends[half]!, ends[half + 1]!];
      fillNormal({ seed, stream: "path", run, step: 2 * k + half + 1 }, 0, noise!);
      const root = Math.sqrt(Math.abs(u - t));
      for (let i = 0; i < count; i++) {
        noise![i] = root * noise![i]!;
        both![i] = both![i]! + noise![i]!;
      }
      await step(fine, t, u, noise!);
    }
    await step(coarse, ends[0]!, ends[2]!, both!);
    if (((k + 1) * cells.length) % steps === 0) {
      kept[0].push(coarse.slice());
      kept[1].push(fine.slice());
    }
  }
  return kept;
}
