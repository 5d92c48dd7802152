import { suggestion, UsageError } from "../../solvers/errors.js";
import type { Prediction } from "../../solvers/types.js";
import { loadOnnx, type OnnxModel, type OnnxValueSpec, type OnnxValues, type Values } from "../engine/index.js";
import { defineModel } from "../scores/model.js";
import type { Sde } from "../sdes/types.js";
import { chunkedEvaluation } from "./chunked-evaluation.js";
import { MODEL_SCHEMA } from "./export-onnx.js";
import type { TrainedModel } from "./network-model.js";
import { fewRows, RowCounts, sameRows, usualRows } from "./row-counts.js";
import { readExportedFacts } from "./stored-facts.js";
import { portableOnnx } from "./workers/portable-model.js";

/** What a foreign network may be told of the time, by name. */
export type TimeInput = "t" | "sigma" | "log-snr" | "index";

/** How an ONNX network is to be understood; what a file exported by this package says itself need not be given. */
export interface OnnxModelOptions {
  readonly sde?: Sde;
  readonly predicts?: Prediction;
  /** Names of its inputs; found by customary names otherwise. */
  readonly inputs?: { readonly x?: string; readonly t?: string; readonly label?: string };
  /** Name of its output; the only one otherwise. */
  readonly output?: string;
  /**
   * What its time input wants: t (default), σ, λ = ln(α/σ), the index N t − 1 ≥ 0 of the step that ends at t = (index + 1)/N,
   * or a function of t. An input of whole numbers gets the nearest one.
   */
  readonly time?: TimeInput | ((t: number) => number);
  /** Factor of the time input, such as 999; default 1. Of the index it is N, default 1000. */
  readonly timeScale?: number;
  /** Numbers per sample; a file of another dimension is refused. */
  readonly dimension?: number;
  /** Numbers per sample, where the file leaves them open. */
  readonly openDimension?: number;
  readonly threads?: number;
}

const CUSTOMARY = {
  x: ["x", "x_t", "xt", "input", "inputs", "sample", "samples", "state", "y"],
  t: ["t", "time", "times", "timestep", "timesteps", "time_cond", "sigma", "noise_labels", "labels"],
  label: ["label", "class", "class_labels", "classes"],
} as const;
const PREDICTIONS: readonly Prediction[] = ["score", "noise", "data", "velocity"];

/**
 * A score model from an ONNX file, of this package or of PyTorch: x [batch, …], t [batch], [batch, 1] or scalar.
 *
 * @throws UsageError when the SDE or prediction is not known, inputs cannot be told apart, or shapes do not fit
 * @throws EngineError when the file is missing, torn or cannot be run
 */
export async function loadOnnxModel(path: string, options: OnnxModelOptions = {}): Promise<TrainedModel> {
  const onnx = await loadOnnx(path, options.threads === undefined ? {} : { threads: options.threads });
  try {
    return await understand(path, onnx, options);
  } catch (error) {
    await onnx.dispose();
    throw error;
  }
}

async function understand(path: string, onnx: OnnxModel, options: OnnxModelOptions): Promise<TrainedModel> {
  const facts = onnx.metadata.schema === MODEL_SCHEMA ? await readExportedFacts(path, onnx.metadata) : null;
  const sde = options.sde ?? facts?.sde;
  if (sde === undefined) throw new UsageError(`${path}: does not say its SDE - give sde (--sde)`);
  const predicts = options.predicts ?? facts?.predicts;
  if (predicts === undefined) {
    throw new UsageError(
      `${path}: does not say what it predicts - give predicts (--predicts), one of ${PREDICTIONS.join(", ")}`,
    );
  }
  const x = findInput(path, onnx, "x", options.inputs?.x);
  const t = findInput(path, onnx, "t", options.inputs?.t);
  const label = findLabel(path, onnx, [x, t], options.inputs?.label);
  const output = findOutput(path, onnx, options.output);
  const rest = sampleShape(path, x, options.dimension, options.openDimension);
  const dimension = rest.reduce((product, length) => product * length, 1);
  const batch = x.shape?.[0];
  const isFree = typeof batch !== "number";
  const chunk = isFree ? usualRows(rest) : batch;
  const classes = label === null ? 0 : classCount(path, label);
  const timeShape = timeInputShape(path, t, chunk);
  const oneTime = timeShape.length === 0 || timeShape[0] !== chunk;
  const toInput = inputTimeMap(path, t, options, sde);

  const run = async ([states, times, hot]: readonly Values[], rows: number): Promise<ArrayLike<number>> => {
    const inputs: Record<string, OnnxValues> = {
      [x.name]: { values: states!, shape: [rows, ...rest] },
      [t.name]: oneTime
        ? { values: times!.subarray(0, 1), shape: timeShape }
        : { values: times!, shape: [rows, ...timeShape.slice(1)] },
      ...(label === null || hot === undefined ? {} : { [label.name]: { values: hot, shape: [rows, classes] } }),
    };
    const { values, shape } = (await onnx.run(inputs))[output]!;
    if (values.length !== rows * dimension) {
      throw new UsageError(
        `${path}: output '${output}' must have as many numbers as x (${rows} × ${dimension}), but got shape [${shape.join(", ")}] - name the right output`,
      );
    }
    return values;
  };
  const widths = [dimension, 0, ...(classes > 0 ? [classes] : [])];
  const probe = (inputs: readonly Values[], rows: number) =>
    run([inputs[0]!, new Float32Array(rows).fill(toInput(sde.tMax)), ...inputs.slice(2)], rows);
  // A first run tells a wrong graph at once.
  await probe(
    widths.map((width) => new Float32Array(chunk * width)),
    chunk,
  );
  const counts = new RowCounts({
    chunk,
    smaller: isFree ? fewRows(rest) : [],
    // A graph may be unable to take other numbers of rows, though it names none.
    agrees: (rows) => sameRows({ chunk, rows, widths }, probe).catch(() => false),
  });
  const evaluate = chunkedEvaluation({
    network: { classes },
    counts,
    dimension,
    oneTime,
    run: async (inputs, rows) => [await run(inputs, rows)],
    at: (time) => ({ skip: 0, out: 1, in: 1, level: toInput(time) }),
  });
  const model = defineModel({ predicts, dimension, sde, evaluate });
  return {
    ...model,
    sde,
    shape: rest,
    standardisation: facts?.standardisation ?? null,
    classes,
    engine: `ONNX Runtime, ${onnx.producer === "" ? "an unnamed producer" : onnx.producer}`,
    chunk,
    portable: portableOnnx(path, sde, { ...options, predicts }),
    dispose: () => onnx.dispose(),
  };
}

function findInput(path: string, { inputs }: OnnxModel, role: "x" | "t", wanted: string | undefined): OnnxValueSpec {
  const names = inputs.map(({ name }) => name);
  if (wanted !== undefined) {
    const found = inputs.find(({ name }) => name === wanted);
    if (found !== undefined) return found;
    throw new UsageError(`${path}: has no input called '${wanted}'.${suggestion(wanted, names)}`);
  }
  const customary = CUSTOMARY[role].flatMap((name) => inputs.filter((input) => input.name.toLowerCase() === name));
  if (customary[0] !== undefined) return customary[0];
  throw new UsageError(
    `${path}: cannot tell which input is ${role === "x" ? "the state x" : "the time t"} among ${names.join(", ") || "none"} - name it by inputs: { ${role}: … }`,
  );
}

function findLabel(
  path: string,
  { inputs }: OnnxModel,
  taken: readonly OnnxValueSpec[],
  wanted: string | undefined,
): OnnxValueSpec | null {
  const others = inputs.filter((input) => !taken.includes(input));
  const names: readonly string[] = wanted === undefined ? CUSTOMARY.label : [wanted];
  const label = others.find(({ name }) => names.includes(name)) ?? null;
  const unknown = others.filter((input) => input !== label);
  if (unknown.length > 0) {
    throw new UsageError(
      `${path}: needs more than x, t and a one-hot label: ${unknown.map(({ name }) => name).join(", ")} - export it with these fixed`,
    );
  }
  return label;
}

function findOutput(path: string, { outputs }: OnnxModel, wanted: string | undefined): string {
  const names = outputs.map(({ name }) => name);
  if (wanted !== undefined) {
    if (names.includes(wanted)) return wanted;
    throw new UsageError(`${path}: has no output called '${wanted}'.${suggestion(wanted, names)}`);
  }
  if (names.length === 1) return names[0]!;
  throw new UsageError(`${path}: has several outputs (${names.join(", ")}) - name one by output`);
}

function sampleShape(
  path: string,
  { name, shape }: OnnxValueSpec,
  dimension: number | undefined,
  open: number | undefined,
): number[] {
  const rest = shape?.slice(1) ?? ["?"];
  if (shape !== undefined && shape.length < 2) {
    throw new UsageError(
      `${path}: input '${name}' must have shape [batch, …], but got [${shape.join(", ")}] - export it with a batch axis`,
    );
  }
  const lengths = rest.filter((length) => typeof length === "number");
  if (lengths.length === rest.length) {
    const product = lengths.reduce((total, length) => total * length, 1);
    if (dimension === undefined || dimension === product) return lengths;
    throw new UsageError(`${path}: takes samples of ${product} numbers, but got dimension ${dimension}`);
  }
  const told = dimension ?? open;
  if (rest.length === 1 && told !== undefined) return [told];
  throw new UsageError(
    `${path}: input '${name}' leaves more than the batch open ([${shape?.join(", ") ?? "?"}]) - give dimension, or export with fixed lengths`,
  );
}

function timeInputShape(path: string, { name, shape }: OnnxValueSpec, chunk: number): number[] {
  if (shape === undefined || shape.length === 0) return [];
  const [batch, one, ...more] = shape;
  const length = typeof batch === "number" ? batch : chunk;
  const fits = more.length === 0 && (one === undefined || one === 1) && (length === chunk || length === 1);
  if (!fits) {
    throw new UsageError(
      `${path}: time input '${name}' must be a scalar, [batch] or [batch, 1], but got [${shape.join(", ")}]`,
    );
  }
  return one === undefined ? [length] : [length, 1];
}

function classCount(path: string, { name, shape }: OnnxValueSpec): number {
  const count = shape?.[1];
  if (shape?.length === 2 && typeof count === "number") return count;
  throw new UsageError(
    `${path}: label input '${name}' must be one-hot [batch, classes], but got [${shape?.join(", ") ?? "?"}]`,
  );
}

/** What a foreign network is told at time t. */
export function timeMap(
  { time = "t", timeScale = time === "index" ? 1000 : 1 }: Pick<OnnxModelOptions, "time" | "timeScale">,
  sde: Sde,
): (t: number) => number {
  if (typeof time === "function") return (t) => timeScale * time(t);
  switch (time) {
    case "t":
      return (t) => timeScale * t;
    case "sigma":
      return (t) => timeScale * sde.sigma(t);
    case "log-snr":
      return (t) => timeScale * sde.logSnr(t);
    case "index":
      return (t) => Math.max(0, timeScale * t - 1);
  }
}

/** As `timeMap`, rounded for an input of whole numbers. @throws UsageError where all times would be the same whole number or two */
function inputTimeMap(path: string, { name, dtype }: OnnxValueSpec, options: OnnxModelOptions, sde: Sde) {
  const toInput = timeMap(options, sde);
  if (dtype === "float32" || dtype === "float64") return toInput;
  const [first, last] = [toInput(sde.tMin), toInput(sde.tMax)];
  if (dtype === "bool" || !(Math.abs(last - first) >= 2)) {
    throw new UsageError(
      `${path}: time input '${name}' takes ${dtype === "bool" ? "truth values" : "whole numbers"}, but got times from ${shorter(first)} to ${shorter(last)} - give time (--time index for steps 0 to 999), or timeScale (--time-scale 999)`,
    );
  }
  return (t: number) => Math.round(toInput(t));
}

const shorter = (value: number) => String(Number(value.toPrecision(4)));
