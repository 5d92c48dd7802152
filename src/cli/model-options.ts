import { type Command, Option } from "commander";
import { UsageError } from "../../solvers/errors.js";
import { formatSpec } from "../../solvers/spec.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import type { LoadedModel, OnnxModelOptions, TimeInput, TrainedModel } from "../training/index.js";
import { numberList, oneOf, positiveNumber, text } from "./option-values.js";
import { resolvedOptions } from "./resolved-options.js";
import { sdeOf, targetOf } from "./shared-options.js";

const TIMES = ["t", "sigma", "log-snr", "index"] as const satisfies readonly TimeInput[];
/** Options that say how a model of a file is to be understood. */
export const OF_MODEL_FILES = ["predicts", "inputs", "output", "shape", "classes", "time", "timeScale"] as const;
const PREDICTIONS = ["score", "noise", "data", "velocity"] as const;

/** Options that put a trained model in the place of the exact score. */
export function withModelOptions(command: Command): Command {
  return command
    .option(
      "--model <path>",
      "trained model instead of the exact score: a folder that train wrote, an .onnx file or a model.json",
    )
    .addOption(
      new Option("--predicts <what>", "what an .onnx or .json model predicts, where it does not say so").choices(
        PREDICTIONS,
      ),
    )
    .option(
      "--inputs <names>",
      "inputs of an .onnx model, where customary names do not tell: x=sample,t=time,label=class",
    )
    .option(
      "--output <name>",
      "output of an .onnx model, where it has several; name[:n] takes its first n channels, where a learned variance follows",
    )
    .option("--shape <lengths>", "shape of a sample, such as 3,32,32, where an .onnx model leaves it open")
    .option("--classes <count>", "number of classes, where an .onnx model takes their numbers")
    .addOption(
      new Option(
        "--time <what>",
        "what an .onnx or .json model wants as time; index: N t − 1, with N the factor (default: t, of an input called sigma σ)",
      ).choices(TIMES),
    )
    .option("--time-scale <factor>", "factor of that time, such as 999 (default: 1; of the index 1000)");
}

/** Help of the option that holds a model to a tolerance. */
export const MODEL_TOLERANCE =
  "KL that the error of the model may cost; 0: meant to be exact (default: that of the best Gaussian's score)";

/** The model of a check and what it is held to. @throws UsageError for a tolerance without a model, or below 0 */
export function modelClaim(
  model: TrainedModel | null,
  { modelTolerance }: Readonly<Record<string, unknown>>,
): { readonly model?: TrainedModel; readonly modelTolerance?: number } {
  if (modelTolerance === undefined) return model === null ? {} : { model };
  if (model === null) throw new UsageError("model-tolerance: is said of a model, but got no --model - give --model");
  const isZero = Number(modelTolerance) === 0 && String(modelTolerance).trim() !== "";
  return { model, modelTolerance: isZero ? 0 : positiveNumber("modelTolerance", modelTolerance) };
}

/** SDE and data law, and the trained model where one is named. */
export interface Problem {
  readonly sde: Sde;
  readonly target: Target;
  readonly model: LoadedModel | null;
}

/** A problem, or a model of which no data law is named. */
export type ModelProblem = Problem | { readonly sde: Sde; readonly target: null; readonly model: LoadedModel };

/**
 * The problem that a command's options name; a model brings its own SDE, and its standardisation is applied to --data.
 *
 * @throws UsageError when a model does not fit the SDE or the data, or no data law is named with it
 */
export async function problemOf(command: Command): Promise<Problem> {
  const options = await resolvedOptions(command);
  if (options.get("model")?.value !== undefined && isUnnamed(options)) {
    throw new UsageError("target: must name what the model was trained on, but got none - give --target or --data");
  }
  const problem = await modelProblemOf(command);
  if (problem.target === null) throw new Error("a named data law is missing");
  return problem;
}

/** As `problemOf`, but a model may stand alone. */
export async function modelProblemOf(command: Command): Promise<ModelProblem> {
  const resolved = await resolvedOptions(command);
  const options = Object.fromEntries(Array.from(resolved, ([name, { value }]) => [name, value]));
  if (options.model === undefined) {
    const stray = OF_MODEL_FILES.find((name) => options[name] !== undefined);
    if (stray !== undefined) throw new UsageError(`${stray}: is said of a model, but got no --model - give --model`);
    return { sde: await sdeOf(options.sde), target: await targetOf(options), model: null };
  }
  const path = text("model", options.model);
  refuseOthers(path, options);
  const isAlone = isUnnamed(resolved);
  const asked = resolved.get("sde")?.origin === "default" ? null : await sdeOf(options.sde);
  const { loadModel } = await import("../training/index.js");
  const model = await loadModel(path, {
    ...(asked === null ? {} : { sde: asked }),
    ...onnxOptions(options),
    ...(isAlone ? {} : await openDimension(path, options)),
  });
  try {
    if (asked !== null && describe(asked) !== describe(model.sde)) {
      throw new UsageError(
        `sde: ${path} was trained on ${describe(model.sde)}, but got ${describe(asked)} - leave --sde out`,
      );
    }
    if (isAlone) return { sde: model.sde, target: null, model };
    const target = await targetFor(path, model, options);
    if (target.dimension !== model.dimension) {
      throw new UsageError(
        `model: ${path} has dimension ${model.dimension}, but got ${target.name} of dimension ${target.dimension} - name the data it was trained on`,
      );
    }
    return { sde: model.sde, target, model };
  } catch (error) {
    await model.dispose();
    throw error;
  }
}

/** Whether neither a target nor data are named. */
function isUnnamed(options: Awaited<ReturnType<typeof resolvedOptions>>): boolean {
  return options.get("target")?.origin === "default" && options.get("data")?.value === undefined;
}

/** @throws UsageError for what a model of this kind says itself, or has not */
function refuseOthers(path: string, options: Readonly<Record<string, unknown>>): void {
  const isOnnx = path.toLowerCase().endsWith(".onnx");
  const isJson = path.toLowerCase().endsWith(".json");
  const known: readonly string[] = isOnnx ? OF_MODEL_FILES : isJson ? ["predicts", "time", "timeScale"] : [];
  const stray = OF_MODEL_FILES.find((name) => options[name] !== undefined && !known.includes(name));
  if (stray === undefined) return;
  const kind = isJson
    ? "the inputs of a model.json are x, then the time"
    : "the folder of a training run says it itself, and other files are no models";
  throw new UsageError(
    `${stray === "timeScale" ? "time-scale" : stray}: belongs to ${isJson ? "" : "a model.json or "}an .onnx model, but got ${path}: ${kind} - leave it out`,
  );
}

/** How the command says an .onnx file is to be understood. */
function onnxOptions({
  predicts,
  inputs,
  output,
  shape,
  classes,
  time,
  timeScale,
}: Readonly<Record<string, unknown>>): OnnxModelOptions {
  return {
    ...(predicts === undefined ? {} : { predicts: oneOf("predicts", predicts, PREDICTIONS) }),
    ...(inputs === undefined ? {} : { inputs: inputNames(text("inputs", inputs)) }),
    ...(output === undefined ? {} : { output: text("output", output) }),
    ...(shape === undefined ? {} : { shape: numberList("shape", shape, { integer: true }) }),
    ...(classes === undefined ? {} : { classes: positiveNumber("classes", classes, { integer: true }) }),
    ...(time === undefined ? {} : { time: oneOf("time", time, TIMES) }),
    ...(timeScale === undefined ? {} : { timeScale: positiveNumber("time-scale", timeScale) }),
  };
}

/** @throws UsageError for anything but x=…,t=…,label=… */
function inputNames(given: string): NonNullable<OnnxModelOptions["inputs"]> {
  const names: { x?: string; t?: string; label?: string } = {};
  for (const pair of given.split(",")) {
    const [role, name = "", ...more] = pair.split("=").map((part) => part.trim());
    if ((role !== "x" && role !== "t" && role !== "label") || name === "" || more.length > 0) {
      throw new UsageError(
        `inputs: must be pairs of x, t or label with a name, but got '${pair}' - as in x=sample,t=time`,
      );
    }
    names[role] = name;
  }
  return names;
}

/** The dimension of a named target, for files that leave theirs open. */
async function openDimension(
  path: string,
  options: Readonly<Record<string, unknown>>,
): Promise<{ readonly openDimension?: number }> {
  if (!path.toLowerCase().endsWith(".onnx")) return {};
  return { openDimension: (await targetOf(options)).dimension };
}

async function targetFor(
  path: string,
  { standardisation }: TrainedModel,
  options: Readonly<Record<string, unknown>>,
): Promise<Target> {
  if (standardisation === null) return targetOf(options);
  if (options.data === undefined) {
    throw new UsageError(`model: ${path} works in units of its standardised data, but got a target - give its --data`);
  }
  const { readArray } = await import("../files/index.js");
  const { standardise } = await import("../training/index.js");
  const { empirical } = await import("../targets/index.js");
  const dimension = standardisation.mean.length;
  const rows = await readArray(text("data", options.data), { dimension, images: true });
  return empirical({ data: standardise(standardisation, Float64Array.from(rows.data)), dimension });
}

function describe({ name, options }: Sde): string {
  return formatSpec({ name, options });
}
