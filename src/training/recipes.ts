import { suggestion, UsageError } from "../../solvers/errors.js";
import type { Prediction } from "../../solvers/types.js";
import type { LevelName, PreconditioningName } from "./preconditioning.js";

/** What is learnt, with which weight, at which times: settings that belong together. */
export interface Recipe {
  readonly summary: string;
  readonly predicts: Prediction;
  readonly preconditioning: PreconditioningName;
  readonly level: LevelName;
  readonly weighting: string;
  readonly timeSampling: string;
}

/** Named recipes; `default` is the one used when none is named. */
export const RECIPES: Readonly<Record<string, Recipe>> = {
  default: {
    summary: "EDM preconditioning and weighting, times uniform in log-SNR",
    predicts: "data",
    preconditioning: "edm",
    level: "auto",
    weighting: "edm",
    timeSampling: "log-snr",
  },
  edm: {
    summary: "Karras et al. 2022: log-normal times",
    predicts: "data",
    preconditioning: "edm",
    level: "auto",
    weighting: "edm",
    timeSampling: "edm",
  },
  ddpm: {
    summary: "Ho et al. 2020: noise prediction, plain loss, uniform times",
    predicts: "noise",
    preconditioning: "none",
    level: "auto",
    weighting: "simple",
    timeSampling: "uniform",
  },
  likelihood: {
    summary: "Song et al. 2021 (arXiv 2101.09258): likelihood weighting by importance sampling",
    predicts: "noise",
    preconditioning: "none",
    level: "log-snr",
    weighting: "likelihood",
    timeSampling: "importance",
  },
  "flow-matching": {
    summary: "Lipman et al. 2023: velocity, plain loss, uniform times; meant for rectified-flow",
    predicts: "velocity",
    preconditioning: "none",
    level: "auto",
    weighting: "simple",
    timeSampling: "uniform",
  },
};

/** The recipe of that name. @throws UsageError for an unknown one */
export function findRecipe(name: string): Recipe {
  const recipe = Object.hasOwn(RECIPES, name) ? RECIPES[name] : undefined;
  if (recipe !== undefined) return recipe;
  throw new UsageError(`recipe: unknown name '${name}'.${suggestion(name, Object.keys(RECIPES))}`);
}
