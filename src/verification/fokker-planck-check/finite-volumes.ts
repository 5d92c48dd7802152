import { numberText } from "../../../solvers/number-text.js";
import { atMost, type Check } from "../check.js";
import { cellAverages, densityL1 } from "../fokker-planck/density-distances.js";
import type { DensitySolution } from "../fokker-planck/density-solution.js";
import { targetLaw } from "../fokker-planck/line-law.js";
import { evenTimes } from "../probe-times.js";
import { type ConservativeRun, conservationChecks } from "./conservation-checks.js";
import { ownBound, ownErrorsAt } from "./own-bound.js";
import type { Subject } from "./subject.js";

/** Densities kept between two times of a check, for pictures. */
const KEPT_BETWEEN = 10;

/** A solved density held against the exact one. */
export interface VolumeComparison {
  readonly t: number;
  /** Where the run began, if not at tMin. */
  readonly from?: number;
  /** L1 distance to p_t. */
  readonly error: number;
  readonly allowed: number;
  readonly reason: string;
}

/** (b) Finite volumes on the line against the exact p_t: L1 at every time, mass and positivity. */
export async function finiteVolumes(
  subject: Subject,
  signal?: AbortSignal,
): Promise<{ readonly checks: Check[]; readonly solution: DensitySolution }> {
  const { equation, sde, target, times, solve } = subject;
  const intervals = times.length - 1;
  const solution = await solve({
    sde: equation,
    initial: target,
    times: evenTimes(sde, KEPT_BETWEEN * intervals),
    estimateSpaceError: true,
    ...(signal === undefined ? {} : { signal }),
  });
  const { grid } = solution;
  const comparisons = Array.from(times.subarray(1), (t, index): VolumeComparison => {
    const k = (index + 1) * KEPT_BETWEEN;
    const error = densityL1(grid, densityAt(solution, k), cellAverages(grid, targetLaw(target, sde, t)));
    return { t, error, ...ownBound({ ...solution, ...ownErrorsAt(solution, k) }, "cells merged once and twice") };
  });
  return { solution, checks: judgeVolumes(comparisons, [{ ...solution, cells: grid.widths.length }]) };
}

/** Judges comparisons with p_t, and mass and positivity of each run. */
export function judgeVolumes(comparisons: readonly VolumeComparison[], runs: readonly ConservativeRun[]): Check[] {
  return [
    ...comparisons.map(({ t, from, error, allowed, reason }) => {
      const label = numberText(t, 3);
      const start = from === undefined ? "" : `, solved from p at t = ${numberText(from, 3)}`;
      return atMost(error, allowed, {
        name: `finite-volumes t=${label}`,
        statement: 7,
        claim: `the solved density is p_t at t = ${label}${start} (L1)`,
        reason,
      });
    }),
    ...conservationChecks(runs),
  ];
}

/** The k-th density, NaN where the run ended before. */
function densityAt({ densities, grid }: DensitySolution, k: number): Float64Array {
  return densities[k] ?? new Float64Array(grid.widths.length).fill(Number.NaN);
}
