import { suggestion, UsageError } from "../../solvers/errors.js";
import type { OnnxModel, OnnxValueSpec } from "../engine/index.js";

const CUSTOMARY = {
  x: ["x", "x_t", "xt", "input", "inputs", "sample", "samples", "state", "y"],
  t: ["t", "time", "times", "timestep", "timesteps", "time_cond", "sigma", "noise_labels", "labels"],
  label: ["label", "class", "class_labels", "classes"],
} as const;

/** How the inputs and outputs of an ONNX network may be told apart. */
export interface SignatureOptions {
  /** Names of its inputs; found by customary names otherwise. */
  readonly inputs?: { readonly x?: string; readonly t?: string; readonly label?: string };
  /** Name of its output; the only one otherwise. */
  readonly output?: string;
  /** Numbers per sample; a file of another dimension is refused. */
  readonly dimension?: number;
  /** Numbers per sample, where the file leaves them open. */
  readonly openDimension?: number;
}

/** Which tensor of a graph is what. */
export interface OnnxSignature {
  readonly x: OnnxValueSpec;
  readonly t: OnnxValueSpec;
  /** One-hot classes, or null. */
  readonly label: OnnxValueSpec | null;
  readonly classes: number;
  readonly output: string;
  /** Shape of one sample. */
  readonly shape: readonly number[];
}

/** @throws UsageError where inputs or outputs cannot be told apart, or have shapes that no score model has */
export function onnxSignature(path: string, onnx: OnnxModel, options: SignatureOptions): OnnxSignature {
  const x = findInput(path, onnx, "x", options.inputs?.x);
  const t = findInput(path, onnx, "t", options.inputs?.t);
  const label = findLabel(path, onnx, [x, t], options.inputs?.label);
  return {
    x,
    t,
    label,
    output: findOutput(path, onnx, options.output),
    shape: sampleShape(path, x, options.dimension, options.openDimension),
    classes: label === null ? 0 : classCount(path, label),
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

/** The shape of times that a graph takes with `chunk` rows. @throws UsageError unless they are a scalar, [batch] or [batch, 1] */
export function timeInputShape(path: string, { name, shape }: OnnxValueSpec, chunk: number): number[] {
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
