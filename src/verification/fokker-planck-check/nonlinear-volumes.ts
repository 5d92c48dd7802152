import { atMost, type Check } from "../check.js";
import { densityL1 } from "../fokker-planck/density-distances.js";
import { fokkerPlanck } from "../fokker-planck/fokker-planck.js";
import { conservationChecks } from "./conservation-checks.js";
import { densityCdf } from "./density-law.js";
import type { NonlinearSubject } from "./nonlinear-subject.js";
import { ownBound } from "./own-bound.js";

/** Mass, positivity, and the change of the density on cells twice as fine against the run's own estimates. */
export async function nonlinearVolumes({ sde, target, solution, finer }: NonlinearSubject): Promise<Check[]> {
  const { grid, densities } = solution;
  const { edges } = finer.grid;
  // Both runs on common cells: the finer end density averaged over the coarser cells.
  const cdf = densityCdf(finer, finer.densities.length - 1);
  const averages = grid.widths.map((width, i) => (cdf(grid.edges[i + 1]!) - cdf(grid.edges[i]!)) / width);
  const change = densityL1(grid, densities[densities.length - 1]!, averages);
  const { allowed, reason } = ownBound(solution, "cells merged once and twice");
  const eulerDensity = async (steps: number) => {
    const run = await fokkerPlanck({ sde, initial: target, edges, times: [sde.tMax], scheme: "implicit-euler", steps });
    return run.densities[1]!;
  };
  const [a, b] = [await eulerDensity(1600), await eulerDensity(800)];
  const extrapolated = a.map((value, i) => 2 * value - b[i]!);
  const end = finer.densities[finer.densities.length - 1]!;
  return [
    atMost(change, allowed, {
      name: "finite-volumes",
      statement: 7,
      claim: `the density at t = ${sde.tMax} does not change on cells half as wide (L1)`,
      reason,
    }),
    atMost(densityL1(finer.grid, end, extrapolated), 0.25 * densityL1(finer.grid, a, b) + 2 * (finer.timeError ?? 0), {
      name: "time-stepping",
      statement: 7,
      claim: "another time scheme gives the same density (implicit Euler, extrapolated; L1)",
      reason: "a quarter of what halving the step of implicit Euler changes, which is of order 1",
    }),
    ...conservationChecks([{ ...solution, cells: grid.widths.length }]),
  ];
}
