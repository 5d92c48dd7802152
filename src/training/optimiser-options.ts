import { UsageError } from "../../solvers/errors.js";
import { numberText } from "../../solvers/number-text.js";
import { requireWhole } from "../../solvers/require-whole.js";
import type { OptimiserSettings } from "./optimiser.js";
import { requireBelowOne, requireRange } from "./require-number.js";
import type { TrainOptions } from "./train-options.js";

/** The optimiser that options ask for. @throws UsageError for a value out of range */
export function optimiserOf(options: TrainOptions): OptimiserSettings {
  const { learningRate = 2e-3, warmUp = 100, decay = "cosine", betas = [0.9, 0.999], epsilon = 1e-8 } = options;
  const { weightDecay = 0, clip = 1, average = 0.999 } = options;
  if (!(learningRate > 0 && Number.isFinite(learningRate))) {
    throw new UsageError(
      `learningRate: must be a positive number, but got ${numberText(learningRate)} - for example 1e-3`,
    );
  }
  requireWhole("warmUp", warmUp, 0, 2 ** 31);
  if (decay !== "cosine" && decay !== "constant") {
    throw new UsageError(`decay: must be cosine or constant, but got ${JSON.stringify(decay)}`);
  }
  for (const beta of betas) requireBelowOne("betas", beta);
  if (!(epsilon > 0)) throw new UsageError(`epsilon: must be a positive number, but got ${numberText(epsilon)}`);
  requireRange("weightDecay", weightDecay, 0, 1 / learningRate);
  if (!(clip > 0)) throw new UsageError(`clip: must be a positive number or Infinity, but got ${numberText(clip)}`);
  requireBelowOne("average", average);
  return { learningRate, warmUp, decay, betas, epsilon, weightDecay, clip, average };
}
