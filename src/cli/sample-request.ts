import { UsageError } from "../../solvers/errors.js";
import type { SampleOptions } from "../sampling/types.js";
import type { ConvertibleModel } from "../scores/model.js";
import type { TrainedModel } from "../training/index.js";
import type { ModelProblem } from "./model-options.js";
import { oneOf, positiveNumber, seedOf, text, wholeNumber } from "./option-values.js";

/** What the options of `sample` ask for. @throws UsageError for a value that cannot be meant */
export function sampleRequest(
  options: Readonly<Record<string, unknown>>,
  { sde, target }: ModelProblem,
  model: ConvertibleModel | null,
): SampleOptions {
  const { steps, rtol, atol, variable } = options;
  return {
    sde,
    ...(target === null ? {} : { target }),
    ...(model === null ? {} : { model }),
    solver: text("solver", options.solver),
    grid: text("grid", options.grid),
    samples: positiveNumber("samples", options.samples, { integer: true }),
    firstSample: wholeNumber("first-sample", options.firstSample),
    seed: seedOf(options.seed),
    noise: oneOf<"counter" | "path">("noise", options.noise, ["counter", "path"]),
    posterior: oneOf("posterior", options.posterior, ["mean", "sample"]),
    denoise: options.denoise === true,
    ...(steps === undefined ? {} : { steps: positiveNumber("steps", steps, { integer: true }) }),
    ...(rtol === undefined ? {} : { rtol: positiveNumber("rtol", rtol) }),
    ...(atol === undefined ? {} : { atol: positiveNumber("atol", atol) }),
    ...(variable === undefined ? {} : { variable: oneOf("variable", variable, ["t", "rho"]) }),
  };
}

/** @throws UsageError for a number of threads that cannot be meant, or threads for an exact score */
export function workersOf(workers: unknown, hasModel: boolean): number | "auto" {
  if (workers === undefined) return "auto";
  if (!hasModel) {
    throw new UsageError(
      "workers: draw from a trained model without a class, but got no --model, or a --class - leave --workers out",
    );
  }
  return workers === "auto" ? workers : positiveNumber("workers", workers, { integer: true });
}

/** The model guided to the class that is wanted; null where none is. */
export async function conditioned(
  options: Readonly<Record<string, unknown>>,
  model: TrainedModel | null,
): Promise<ConvertibleModel | null> {
  const { class: wanted, guidance } = options;
  if (wanted === undefined && guidance === undefined) return null;
  if (model === null || model.classes === 0) {
    throw new UsageError("class: is said of a --model with classes, but got none - leave --class and --guidance out");
  }
  if (wanted === undefined) throw new UsageError("guidance: leads to a class, but got none - give --class");
  const condition = wholeNumber("class", wanted);
  const w = guidance === undefined ? 1 : Number(text("guidance", String(guidance)));
  const { guided } = await import("../scores/index.js");
  return guided(model, { w, condition });
}
