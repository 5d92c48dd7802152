import { isGaussianTarget } from "../targets/gaussian.js";
import { type BudgetFigures, type BudgetOptions, errorBudget } from "./error-budget.js";
import { affineExactLaw, type ExactLaw, exactLawOf, hasAffineLaw, lineExactLaw } from "./exact-law.js";
import { affineRun } from "./laws/affine-law.js";
import { gridEnds, outputLaw } from "./laws/output-law.js";

/** The exact law from the prior against the data, with its error budget; laws that both need are computed once. */
export async function exactFigures(
  options: BudgetOptions,
): Promise<{ readonly law: ExactLaw; readonly budget: BudgetFigures }> {
  const { sde, target, model, solver, grid, denoise = false } = options;
  const setting = { ...options, denoise, start: "prior", against: "data" } as const;
  if (model !== undefined && hasAffineLaw(target) && solver.kind === "fixed" && grid !== null) {
    const run = await affineRun({ sde, model, solver, grid, denoise });
    const { from } = gridEnds(sde, grid);
    return { law: affineExactLaw(run, { ...setting, from }), budget: await errorBudget({ ...options, run }) };
  }
  if (model === undefined && isGaussianTarget(target)) {
    return { law: await exactLawOf(setting), budget: await errorBudget(options) };
  }
  const fromPrior = await outputLaw(setting);
  return { law: lineExactLaw(fromPrior, setting), budget: await errorBudget({ ...options, fromPrior }) };
}
