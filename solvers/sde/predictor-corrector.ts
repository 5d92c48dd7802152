import { ddim } from "../exponential/ddim.js";
import { ddpm } from "../exponential/ddpm.js";
import { exponentialEulerMaruyama } from "../exponential/exponential-euler-maruyama.js";
import { type FixedFactory, gridSteps, type OneStepFactory, type Step } from "../one-step.js";
import {
  choiceOption,
  numberOption,
  type OptionSet,
  type OptionValues,
  optionalNumberOption,
  resolveOptions,
} from "../options.js";
import { type StepContext, stepContext } from "../step-context.js";
import type { FixedSolver, GridStep, Problem, Progress, State } from "../types.js";
import { ancestral } from "./ancestral.js";
import { eulerMaruyama } from "./euler-maruyama.js";
import { langevinStep, normBasedLangevinStep } from "./langevin.js";
import { reverseDiffusion } from "./reverse-diffusion.js";
import { stochasticHeun } from "./stochastic-heun.js";

const PREDICTORS: readonly OneStepFactory[] = [
  eulerMaruyama,
  reverseDiffusion,
  ancestral,
  ddpm,
  exponentialEulerMaruyama,
  stochasticHeun,
  ddim,
];

const options = {
  predictor: choiceOption(
    ["em", "reverse-diffusion", "ancestral", "ddpm", "exponential-em", "stochastic-heun", "ddim", "none"],
    "reverse-diffusion",
    "the step from t to u; none keeps x and lets the corrector anneal it",
  ),
  corrector: choiceOption(
    ["annealed", "langevin", "none"],
    "annealed",
    "Langevin with step 2(snr·σ)² (annealed) or with score_sde's norm-based step (langevin; batches only)",
  ),
  snr: numberOption(0.16, "signal-to-noise ratio of the corrector", { above: 0 }),
  delta: optionalNumberOption("step of the annealed corrector in units of σ², instead of 2·snr²", { above: 0 }),
  correctorSteps: numberOption(1, "corrector steps per predictor step", { min: 0, integer: true }),
  order: choiceOption(
    ["predictor-first", "corrector-first"],
    "predictor-first",
    "as in the paper, or as in score_sde's code",
  ),
  norm: choiceOption(
    ["batch", "sample"],
    "batch",
    "norms of corrector=langevin: means over the batch (couples it) or per sample (heavy-tailed below 3 dimensions)",
  ),
} satisfies OptionSet;

/** Predictor–corrector sampling: a step of any one-step solver, then Langevin steps at the level reached. */
export const predictorCorrector: FixedFactory = {
  name: "pc",
  summary: "Predictor–corrector: any one-step predictor, Langevin corrector",
  source: "Song et al. 2021 (arXiv 2011.13456) algorithms 1–5; appendix G",
  stochastic: true,
  // A Langevin step of fixed size leaves a bias that more steps do not remove.
  order: 0,
  evaluationsPerStep: 2,
  optionSet: options,
  create(given = {}): FixedSolver {
    const chosen = resolveOptions("pc", options, given);
    const factory = PREDICTORS.find(({ name }) => name === chosen.predictor);
    const predict = factory?.step();
    const steps = chosen.corrector === "none" ? 0 : chosen.correctorSteps;
    return {
      name: "pc",
      summary: predictorCorrector.summary,
      source: predictorCorrector.source,
      stochastic: steps > 0 || (factory?.stochastic ?? false),
      order: steps > 0 ? 0 : (factory?.order ?? 0),
      evaluationsPerStep: (factory?.evaluationsPerStep ?? 0) + steps,
      kind: "fixed",
      options: chosen,
      couplesBatch: steps > 0 && chosen.corrector === "langevin" && chosen.norm === "batch",
      check: (schedule, grid) => factory?.create().check(schedule, grid),
      run: (problem) => march(problem, predict, { ...chosen, correctorSteps: steps }),
    };
  },
};

async function* march<S extends State>(
  problem: Problem<S>,
  predict: Step | undefined,
  chosen: OptionValues<typeof options>,
): AsyncGenerator<Progress<S>, void> {
  const context = stepContext(problem);
  const { space } = problem;
  let x = await space.start();
  for (const step of gridSteps(problem.grid)) {
    if (chosen.order === "corrector-first") x = await correct(context, x, step, step.t, chosen);
    if (predict !== undefined) x = space.commit(await predict(context, x, step));
    if (chosen.order === "predictor-first") x = await correct(context, x, step, step.u, chosen);
    yield { index: step.index, t: step.u, x };
  }
}

async function correct<S extends State>(
  context: StepContext<S>,
  x: S,
  { index }: GridStep,
  t: number,
  { corrector, snr, delta, norm, correctorSteps }: OptionValues<typeof options>,
): Promise<S> {
  let corrected = x;
  for (let repetition = 0; repetition < correctorSteps; repetition++) {
    const sigma = context.schedule.sigma(t);
    const size = (delta ?? 2 * snr * snr) * sigma * sigma;
    const next =
      corrector === "langevin"
        ? await normBasedLangevinStep(context, corrected, t, { snr, norm }, index, repetition)
        : await langevinStep(context, corrected, t, size, index, repetition);
    corrected = context.space.commit(next);
  }
  return corrected;
}
