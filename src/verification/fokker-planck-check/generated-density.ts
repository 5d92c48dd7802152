import { atMost, type Check } from "../check.js";
import { cellAverages, densityL1 } from "../fokker-planck/density-distances.js";
import { targetLaw } from "../fokker-planck/line-law.js";
import { reverseFokkerPlanck } from "../fokker-planck/reverse-fokker-planck.js";
import type { Subject } from "./subject.js";

/** (c) The density that the score generates: the reverse-time equation from p_tMax down to tMin, against p_tMin, for one η. */
export async function generatedDensity(subject: Subject, eta: number, signal?: AbortSignal): Promise<Check> {
  const { sde, target, reverseScore, modelTolerance } = subject;
  const { grid, densities, status, message, spaceError, timeError, lostMass } = await reverseFokkerPlanck({
    sde,
    score: reverseScore,
    eta,
    start: target,
    times: [sde.tMin],
    estimateSpaceError: true,
    // Every jump of a table of β costs small steps.
    tolerance: sde.breakpoints.length > 0 ? 1e-6 : 1e-7,
    ...(signal === undefined ? {} : { signal }),
  });
  const exact = cellAverages(grid, targetLaw(target, sde, sde.tMin));
  const allowed = 2 * ((spaceError ?? 0) + (timeError ?? 0)) + lostMass + modelTolerance;
  return atMost(densityL1(grid, densities[densities.length - 1]!, exact), allowed, {
    name: `reverse-density eta=${eta}`,
    statement: 6,
    claim: `drift f − ½(1 + η²)g²s with noise ηg, η = ${eta}, carries p_tMax back to p_tMin (L1, no sampling)`,
    reason: `twice the run's own estimates of its errors in space and time${modelTolerance > 0 ? `; ${modelTolerance} for the model's error` : ""}${status === "success" ? "" : `; ${status}: ${message}`}`,
  });
}
