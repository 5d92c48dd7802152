import { UsageError } from "../../../solvers/errors.js";
import type { Sde } from "../../sdes/types.js";
import type { Target } from "../../targets/types.js";
import type { DensitySolution } from "../fokker-planck/density-solution.js";
import { fokkerPlanck } from "../fokker-planck/fokker-planck.js";
import { type DensityOracle, scoreFromDensity } from "../fokker-planck/score-from-density.js";
import { FEWEST_SAMPLES } from "./plane-cells.js";

/** An SDE without α and σ, an initial law, and the score that its own Fokker–Planck equation gives. */
export interface NonlinearSubject {
  readonly sde: Sde;
  readonly target: Target;
  /** Every step kept. */
  readonly solution: DensitySolution;
  /** The same on cells twice as fine. */
  readonly finer: DensitySolution;
  readonly oracle: DensityOracle;
  /** Wrong in negative controls: the SDE that is simulated, and factors of the score in reverse SDE and flow. */
  readonly simulated: Sde;
  readonly reverseFactor: number;
  readonly flowFactor: number;
  readonly times: Float64Array;
  readonly samples: number;
  readonly seed: number;
}

/** Equal intervals of the times at which samples are compared. */
const INTERVALS = 4;

/** Solves the equation from the target's law at tMin, and reads the score off. */
export async function nonlinearSubject({
  sde,
  target,
  samples,
  seed,
}: {
  readonly sde: Sde;
  readonly target: Target;
  readonly samples: number;
  readonly seed: number;
}): Promise<NonlinearSubject> {
  if (target.dimension !== 1) {
    throw new UsageError(
      `target: the Fokker–Planck check needs a law on the line, but '${target.name}' has dimension ${target.dimension} - choose a 1-D target`,
    );
  }
  if (samples < FEWEST_SAMPLES) {
    throw new UsageError(
      `samples: must be at least ${FEWEST_SAMPLES} for a χ² test under a drift that is nonlinear in x, but got ${samples} - draw more`,
    );
  }
  const options = { sde, initial: target, tolerance: 1e-8, estimateSpaceError: true } as const;
  const solution = await fokkerPlanck({ ...options, resolution: 0.01 });
  const finer = await fokkerPlanck({ ...options, resolution: 0.0025 });
  return {
    sde,
    target,
    solution,
    finer,
    oracle: scoreFromDensity(finer),
    simulated: sde,
    reverseFactor: 1,
    flowFactor: 1,
    times: Float64Array.from({ length: INTERVALS + 1 }, (_, k) => sde.tMin + ((sde.tMax - sde.tMin) * k) / INTERVALS),
    samples,
    seed,
  };
}

/** The kept density next to a time. */
export function indexAt({ times }: DensitySolution, t: number): number {
  let best = 0;
  for (let k = 1; k < times.length; k++) if (Math.abs(times[k]! - t) < Math.abs(times[best]! - t)) best = k;
  return best;
}
