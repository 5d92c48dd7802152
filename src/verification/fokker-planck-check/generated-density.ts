import { numberText } from "../../../solvers/number-text.js";
import { atMost, type Check } from "../check.js";
import { cellAverages, densityL1 } from "../fokker-planck/density-distances.js";
import type { DensitySolution } from "../fokker-planck/density-solution.js";
import { targetLaw } from "../fokker-planck/line-law.js";
import { reverseFokkerPlanck } from "../fokker-planck/reverse-fokker-planck.js";
import { generatedKl, pinsker } from "../learned-score.js";
import { ownError, troubleOf } from "./own-bound.js";
import type { Subject } from "./subject.js";

/** The density that the score generates from p_tMax down to t, by the reverse-time equation for one η, its start kept. */
export function generate(
  { sde, target, reverseScore }: Subject,
  {
    t = sde.tMin,
    eta = 1,
    signal,
  }: { readonly t?: number; readonly eta?: number; readonly signal?: AbortSignal | undefined },
): Promise<DensitySolution> {
  return reverseFokkerPlanck({
    sde,
    score: reverseScore,
    eta,
    start: target,
    times: [t],
    estimateSpaceError: true,
    // Every jump of a table of β costs small steps.
    tolerance: sde.breakpoints.length > 0 ? 1e-6 : 1e-7,
    ...(signal === undefined ? {} : { signal }),
  });
}

/** (c) The density that the score generates: the reverse-time equation from p_tMax down to tMin, against p_tMin, for one η. */
export async function generatedDensity(subject: Subject, eta: number, signal?: AbortSignal): Promise<Check> {
  return judgeGenerated(subject, eta, await generate(subject, { eta, signal }));
}

/** L1 distance of a generated density to p_tMin, against its own error and what the error of a learned score explains. */
export function judgeGenerated({ sde, target, learned }: Subject, eta: number, run: DensitySolution): Check {
  const { grid, densities } = run;
  const exact = cellAverages(grid, targetLaw(target, sde, sde.tMin));
  const kl = learned === null ? 0 : generatedKl(learned, eta);
  const model =
    learned === null ? "" : `; √(2 KL) with KL ≤ ${numberText(kl, 3)} from the error of the score (Girsanov, Pinsker)`;
  return atMost(densityL1(grid, densities[densities.length - 1]!, exact), ownError(run) + pinsker(kl), {
    name: `reverse-density eta=${eta}`,
    statement: 6,
    claim: `drift f − ½(1 + η²)g²s with noise ηg, η = ${eta}, carries p_tMax back to p_tMin (L1, no sampling)`,
    reason: `twice the run's own estimates of its errors in space and time${model}${troubleOf(run)}`,
  });
}
