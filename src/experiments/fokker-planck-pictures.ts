import { exp } from "../../solvers/math/elementary.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import type { DensitySolution } from "../verification/fokker-planck/density-solution.js";
import { indexAt } from "../verification/fokker-planck-check/nonlinear-subject.js";
import { perturbedAt } from "../verification/laws/output-law.js";
import type { DensitySlice, FokkerPlanckPictures } from "./fokker-planck-result.js";

const COLUMNS = 161;
const ROWS = 60;

/** The density through time under a linear SDE, in units of √(α² + σ²), in equal steps of λ. */
export function linearEvolution(
  solution: DensitySolution,
  sde: Sde,
  target: Target,
): FokkerPlanckPictures["evolution"] {
  const last = solution.times.length - 1;
  const unit = (t: number) => Math.sqrt(sde.alpha(t) * sde.alpha(t) + sde.sigma(t) * sde.sigma(t));
  const bound = 1e-4;
  const ends = Array.from(solution.times, (t) => {
    const law = perturbedAt(target, sde, t);
    return [law.quantile!(bound) / unit(t), law.quantile!(bound, { upper: true }) / unit(t)] as const;
  });
  const y = lattice(Math.min(...ends.map(([low]) => low)), Math.max(...ends.map(([, high]) => high)));
  return {
    share: Array.from(solution.times, (_, k) => k / last),
    shareTitle: "share of the range of log-SNR, from data to noise",
    y,
    yTitle: "x / √(α² + σ²)",
    volumes: Array.from(solution.times, (t, k) => y.map((value) => unit(t) * cellValue(solution, k, unit(t) * value))),
    exact: Array.from(solution.times, (t) => {
      const points = Float64Array.from(y, (value) => unit(t) * value);
      return Array.from(densityOf(perturbedAt(target, sde, t), points), (p) => unit(t) * p);
    }),
  };
}

/** The density through time of any solution, at equal times. */
export function nonlinearEvolution(solution: DensitySolution): FokkerPlanckPictures["evolution"] {
  const { times, grid } = solution;
  const [first, last] = [times[0]!, times[times.length - 1]!];
  const share = Array.from({ length: ROWS + 1 }, (_, k) => first + ((last - first) * k) / ROWS);
  let [low, high] = [Infinity, -Infinity];
  for (const density of solution.densities) {
    density.forEach((p, i) => {
      if (p > 1e-3) [low, high] = [Math.min(low, grid.centres[i]!), Math.max(high, grid.centres[i]!)];
    });
  }
  const y = lattice(low, high);
  return {
    share,
    shareTitle: "t",
    y,
    yTitle: "x",
    volumes: share.map((t) => y.map((x) => cellValue(solution, indexAt(solution, t), x))),
    exact: null,
  };
}

/** Finite volumes, exact density and samples at one time. */
export function densitySlice(
  solution: DensitySolution,
  k: number,
  exact: ReturnType<Target["perturbed"]> | null,
  samples: Float64Array | null,
): DensitySlice {
  const { grid, densities, times } = solution;
  const density = densities[k]!;
  const peak = density.reduce((most, p) => Math.max(most, p), 0);
  const shown = Array.from(density.keys()).filter((i) => density[i]! > 1e-4 * peak);
  const x = Float64Array.from(shown, (i) => grid.centres[i]!);
  return {
    t: times[k]!,
    x,
    volumes: Float64Array.from(shown, (i) => density[i]!),
    exact: exact === null ? null : densityOf(exact, x),
    samples,
  };
}

function densityOf(law: ReturnType<Target["perturbed"]>, x: Float64Array): Float64Array {
  const out = new Float64Array(x.length);
  law.logDensity(x, x.length, out);
  return out.map((value) => exp(value));
}

function lattice(low: number, high: number): number[] {
  return Array.from({ length: COLUMNS }, (_, i) => low + ((high - low) * i) / (COLUMNS - 1));
}

/** The k-th density at x. */
function cellValue({ grid, densities }: DensitySolution, k: number, x: number): number {
  const { edges } = grid;
  const density = densities[k]!;
  if (x < edges[0]! || x >= edges[edges.length - 1]!) return 0;
  let [low, high] = [0, edges.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= x) low = middle;
    else high = middle;
  }
  return density[low]!;
}
