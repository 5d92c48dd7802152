import { UsageError } from "../../../solvers/errors.js";
import type { FixedSolver } from "../../../solvers/types.js";
import { resolveGrid } from "../../sampling/resolve.js";
import { gaussian } from "../../targets/gaussian.js";
import { atMost, type Check, skipped } from "../check.js";
import { gaussianLaw, gaussianLawDistances } from "../laws/gaussian-law.js";
import type { Setting, Verification } from "./setting.js";

const STEPS = 80;

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
    claim: `the law of ${solver.name} tends to p_tMin on Gaussian data (W2 with ${4 * STEPS} over W2 with ${STEPS} steps)`,
  };
  const data = gaussian({ mean: target.mean[0]!, standardDeviation: Math.sqrt(target.covariance[0]!) });
  const errorWith = async (steps: number) => {
    const law = await gaussianLaw({
      sde,
      target: data,
      solver,
      grid: resolveGrid(sde, { steps }),
      start: "exact",
      denoise: false,
    });
    const hasMoments = [...law.means, ...law.variances].every(Number.isFinite);
    return hasMoments ? gaussianLawDistances(law, data, sde, "tMin").w2 : Number.NaN;
  };
  try {
    const [coarse, fine] = [await errorWith(STEPS), await errorWith(4 * STEPS)];
    const size = Math.sqrt(data.eigenvalues[0]!);
    // An error at the level of rounding has no order to show.
    const ratio = fine < 1e-10 * size ? 0 : fine / coarse;
    return atMost(ratio, 0.35, {
      ...text,
      reason: `order 1 leaves a quarter; a little room for higher terms${Number.isFinite(ratio) ? "" : "; its law is not finite"}`,
    });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return skipped({ ...text, reason: error.message });
  }
}
