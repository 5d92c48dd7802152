import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import type { DensitySolution } from "../verification/fokker-planck/density-solution.js";
import { cellAt } from "../verification/fokker-planck/mesh.js";
import type { ForwardSamples } from "../verification/fokker-planck-check/forward-samples.js";
import { indexAt } from "../verification/fokker-planck-check/nonlinear-subject.js";
import { densityOf } from "../verification/fokker-planck-check/places.js";
import { type ResidualSlice, residualMap } from "../verification/fokker-planck-check/score-residual.js";
import type { Subject } from "../verification/fokker-planck-check/subject.js";
import { perturbedAt } from "../verification/laws/output-law.js";
import type { DensityEvolution, DensitySlice, FokkerPlanckPictures } from "./fokker-planck-result.js";

const COLUMNS = 161;
const ROWS = 60;

/** What pictures are made of. */
export interface Found {
  readonly forward: ForwardSamples;
  readonly residual: { readonly slices: readonly ResidualSlice[] };
  /** Of the reverse SDE at tMin. */
  readonly generatedSamples: Float64Array | null;
}

/** Indices of the times of a check that slices show. */
export const SHOWN = [1, 2, 4] as const;

/** The pictures of a check on the line; `generated` is the density that the score generates at tMin. */
export function linePictures(
  { sde, target, times, learned }: Subject,
  {
    forward,
    residual,
    generatedSamples,
    volumes,
    generated,
  }: Found & { readonly volumes: DensitySolution; readonly generated: DensitySolution },
): FokkerPlanckPictures {
  const between = (volumes.times.length - 1) / (times.length - 1);
  const slice = (k: number) =>
    densitySlice(volumes, k * between, perturbedAt(target, sde, times[k]!), forward.samples[k]!);
  return {
    evolution: linearEvolution(volumes, sde, target),
    plane: null,
    slices: volumes.status === "success" ? SHOWN.map(slice) : [],
    residual: residualMap(residual.slices),
    generated:
      learned === null ? null : densitySlice(generated, 1, perturbedAt(target, sde, sde.tMin), generatedSamples),
  };
}

/** The density through time under a linear SDE, in units of √(α² + σ²), in equal steps of λ. */
function linearEvolution(solution: DensitySolution, sde: Sde, target: Target): DensityEvolution {
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
      return Array.from(densityOf(perturbedAt(target, sde, t), points, 1), (p) => unit(t) * p);
    }),
  };
}

/** The density through time of any solution, at equal times. */
export function nonlinearEvolution(solution: DensitySolution): DensityEvolution {
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
    exact: exact === null ? null : densityOf(exact, x, 1),
    samples,
  };
}

function lattice(low: number, high: number): number[] {
  return Array.from({ length: COLUMNS }, (_, i) => low + ((high - low) * i) / (COLUMNS - 1));
}

/** The k-th density at x. */
function cellValue({ grid, densities }: DensitySolution, k: number, x: number): number {
  const cell = cellAt(grid, x);
  return cell === null ? 0 : densities[k]![cell]!;
}
