import { UsageError } from "../../../solvers/errors.js";
import type { FixedSolver } from "../../../solvers/types.js";
import { resolveGrid } from "../../sampling/resolve.js";
import { gaussian } from "../../targets/gaussian.js";
import { atMost, type Check, skipped } from "../check.js";
import { type GaussianOutput, gaussianLaw, gaussianTruth } from "../laws/gaussian-law.js";
import type { Setting, Verification } from "./setting.js";

/** Steps of the runs; three in a row make a verdict, and jumps of a table need more of them before order 1 shows. */
const STEPS = [80, 160, 320, 640, 1280] as const;
/** Share of the data's deviation below which an error is rounding. */
const ROUNDING = 1e-10;

/** Every given solver tends to p_tMin as its steps shrink: exact moments on Gaussian data, no sampling. */
export const solverLimits: Verification = {
  name: "solver-limits",
  statements: [6],
  needsLine: false,
  async run(setting) {
    const checks: Check[] = [];
    for (const solver of setting.solvers) checks.push(await limitOf(setting, solver));
    return { checks };
  },
};

async function limitOf({ sde, target }: Setting, solver: FixedSolver): Promise<Check> {
  const text = {
    name: `limit ${solver.name}`,
    statement: 6,
    claim: `the law of ${solver.name} is p_tMin on Gaussian data in the limit of small steps (W2, extrapolated, over the data's deviation)`,
  };
  const data = gaussian({ mean: target.mean[0]!, standardDeviation: Math.sqrt(target.covariance[0]!) });
  const size = Math.sqrt(data.eigenvalues[0]!);
  const truth = momentsOf(gaussianTruth(data, sde, "tMin"));
  const lawWith = async (steps: number) => {
    const grid = resolveGrid(sde, { steps });
    return momentsOf(await gaussianLaw({ sde, target: data, solver, grid, start: "exact", denoise: false }));
  };
  const laws: Moments[] = [];
  let check = skipped({ ...text, reason: "not run" });
  try {
    for (const steps of STEPS) {
      laws.push(await lawWith(steps));
      if (laws.length < 3) continue;
      const [coarse, middle, fine] = laws.slice(-3) as [Moments, Moments, Moments];
      const limit = extrapolated(middle, fine);
      const error = distance(limit, truth) / size;
      check = atMost(error, distance(limit, extrapolated(coarse, middle)) / size + ROUNDING, {
        ...text,
        reason: `what the extrapolation, 2 fine − coarse, changes when steps are halved once more, to ${steps}; never less than the error for order 1 or better${Number.isFinite(error) ? "" : "; its law is not finite"}`,
      });
      if (check.verdict === "pass" || Number.isNaN(error)) break;
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return skipped({ ...text, reason: error.message });
  }
  return check;
}

interface Moments {
  readonly mean: number;
  readonly deviation: number;
}

function momentsOf({ means, variances }: Pick<GaussianOutput, "means" | "variances">): Moments {
  return { mean: means[0]!, deviation: Math.sqrt(variances[0]!) };
}

function extrapolated(coarse: Moments, fine: Moments): Moments {
  return { mean: 2 * fine.mean - coarse.mean, deviation: 2 * fine.deviation - coarse.deviation };
}

/** W2 of two Gaussians on the line. */
function distance(a: Moments, b: Moments): number {
  const [means, deviations] = [a.mean - b.mean, a.deviation - b.deviation];
  return Math.sqrt(means * means + deviations * deviations);
}
