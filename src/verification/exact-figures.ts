import { isGaussianTarget } from "../targets/gaussian.js";
import { type BudgetFigures, type BudgetOptions, errorBudget } from "./error-budget.js";
import { type ExactLaw, exactLawOf, lineExactLaw } from "./exact-law.js";
import { outputLaw } from "./laws/output-law.js";

/** The exact law from the prior against the data, with its error budget; laws that both need are computed once. */
export async function exactFigures(
  options: BudgetOptions,
): Promise<{ readonly law: ExactLaw; readonly budget: BudgetFigures }> {
  const { target, denoise = false } = options;
  const setting = { ...options, denoise, start: "prior", against: "data" } as const;
  if (isGaussianTarget(target)) {
    return { law: await exactLawOf(setting), budget: await errorBudget(options) };
  }
  const fromPrior = await outputLaw(setting);
  return { law: lineExactLaw(fromPrior, setting), budget: await errorBudget({ ...options, fromPrior }) };
}
