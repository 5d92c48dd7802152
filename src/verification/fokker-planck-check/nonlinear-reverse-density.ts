import { atMost, type Check } from "../check.js";
import { cellAverages, densityL1 } from "../fokker-planck/density-distances.js";
import { reverseFokkerPlanck } from "../fokker-planck/reverse-fokker-planck.js";
import type { NonlinearSubject } from "./nonlinear-subject.js";

/** The reverse-time equation with the score of the solved density, back at the initial law. */
export async function nonlinearReverseDensity(subject: NonlinearSubject): Promise<Check> {
  const { sde, target, finer, oracle, reverseFactor } = subject;
  const { grid } = finer;
  const run = await reverseFokkerPlanck({
    sde,
    score: (x, t) => reverseFactor * oracle.score(x, t),
    start: { edges: grid.edges, values: finer.densities[finer.densities.length - 1]! },
    times: [sde.tMin],
    estimateSpaceError: true,
  });
  const error = densityL1(grid, run.densities[1]!, cellAverages(grid, initialLaw(target)));
  const allowed = 2 * ((run.spaceError ?? 0) + (run.timeError ?? 0) + (finer.spaceError ?? 0) + (finer.timeError ?? 0));
  return atMost(error, allowed, {
    name: "reverse-density",
    statement: 6,
    claim: "the reverse SDE carries the end density back to the initial law (L1, no sampling)",
    reason: "twice the estimated errors in space and time of the run and of the density that gave the score",
  });
}

function initialLaw(target: NonlinearSubject["target"]) {
  const law = target.perturbed(1, 0);
  return { cdf: (x: number) => law.cdf!(x), survival: (x: number) => law.survival!(x) };
}
