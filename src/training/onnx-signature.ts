import { suggestion, UsageError } from "../../solvers/errors.js";
import type { OnnxModel, OnnxValueSpec } from "../engine/index.js";

const CUSTOMARY = {
  x: ["x", "x_t", "xt", "input", "inputs", "sample", "samples", "state", "y"],
  t: ["t", "time", "times", "timestep", "timesteps", "time_cond", "sigma", "noise_labels", "labels"],
  label: ["label", "class", "class_label", "class_labels", "classes", "y"],
} as const;

/** How the inputs and outputs of an ONNX network may be told apart. */
export interface SignatureOptions {
  /** Names of its inputs; found by customary names otherwise. */
  readonly inputs?: { readonly x?: string; readonly t?: string; readonly label?: string };
  /** Name of its output; the only one otherwise. `name[:n]` takes the first n channels, where a learned variance follows. */
  readonly output?: string;
  /** Shape of one sample, such as [3, 32, 32], where the file leaves it open. */
  readonly shape?: readonly number[];
  /** Numbers per sample; a file of another dimension is refused. */
  readonly dimension?: number;
  /** Numbers per sample, where the file leaves them open. */
  readonly openDimension?: number;
  /** Number of classes, where the label is the number of a class; that of no class is the next one. */
  readonly classes?: number;
}

/** Which tensor of a graph is what. */
export interface OnnxSignature {
  readonly x: OnnxValueSpec;
  readonly t: OnnxValueSpec;
  /** Classes, one-hot [batch, classes] or as whole numbers [batch]; or null. */
  readonly label: OnnxValueSpec | null;
  readonly classes: number;
  readonly output: OnnxOutput;
  /** Shape of one sample. */
  readonly shape: readonly number[];
}

/** What is read of an output. */
export interface OnnxOutput {
  readonly name: string;
  /** How many of its first channels; undefined for all. */
  readonly first?: number;
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
    shape: sampleShape(path, x, options),
    classes: classCount(path, label, options.classes),
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
    `${path}: cannot tell which input is ${role === "x" ? "the state x" : "the time t"} among ${names.join(", ") || "none"} - name it by inputs: { ${role}: … } (--inputs ${role}=${names.at(role === "x" ? 0 : -1) ?? "…"})`,
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
      `${path}: needs more than x, t and a class: ${unknown.map(({ name }) => name).join(", ")} - name the class by inputs: { label: … } (--inputs label=…), and export the file with all others fixed`,
    );
  }
  return label;
}

function findOutput(path: string, { outputs }: OnnxModel, wanted: string | undefined): OnnxOutput {
  const names = outputs.map(({ name }) => name);
  if (wanted !== undefined) {
    if (names.includes(wanted)) return { name: wanted };
    const [, name = wanted, first] = /^(.*)\[:([1-9]\d*)\]$/.exec(wanted) ?? [];
    if (names.includes(name)) return { name, first: Number(first) };
    throw new UsageError(`${path}: has no output called '${name}'.${suggestion(name, names)}`);
  }
  if (names.length === 1) return { name: names[0]! };
  throw new UsageError(
    `${path}: has several outputs (${names.join(", ")}) - name one by output (--output ${names[0]})`,
  );
}

function sampleShape(
  path: string,
  { name, shape }: OnnxValueSpec,
  { shape: asked, dimension, openDimension }: SignatureOptions,
): readonly number[] {
  if (shape !== undefined && shape.length < 2) {
    throw new UsageError(
      `${path}: input '${name}' must have shape [batch, …], but got [${shape.join(", ")}] - export it with a batch axis`,
    );
  }
  const rest = shape?.slice(1);
  const lengths = asked ?? fixedLengths(rest) ?? flatLengths(rest, dimension ?? openDimension);
  if (lengths === null) {
    throw new UsageError(
      `${path}: input '${name}' leaves more than the batch open ([${shape?.join(", ") ?? "?"}]) - give shape (--shape ${rest?.map((length) => (typeof length === "number" ? length : 32)).join(",") ?? "3,32,32"})`,
    );
  }
  const agrees =
    rest === undefined ||
    (rest.length === lengths.length &&
      rest.every((length, axis) => typeof length === "string" || length === lengths[axis]));
  if (!agrees) {
    throw new UsageError(
      `${path}: takes samples of shape [${rest.join(", ")}], but got shape [${lengths.join(", ")}] - give one that fits, or none`,
    );
  }
  const product = lengths.reduce((total, length) => total * length, 1);
  if (dimension === undefined || dimension === product) return lengths;
  throw new UsageError(`${path}: takes samples of ${product} numbers, but got dimension ${dimension}`);
}

/** The lengths where none is open. */
function fixedLengths(rest: readonly (number | string)[] | undefined): number[] | null {
  const lengths = rest?.filter((length) => typeof length === "number");
  return lengths !== undefined && lengths.length === rest?.length ? lengths : null;
}

/** The length of rows of so many numbers. */
function flatLengths(rest: readonly (number | string)[] | undefined, dimension: number | undefined): number[] | null {
  return dimension !== undefined && (rest === undefined || rest.length === 1) ? [dimension] : null;
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

function classCount(path: string, label: OnnxValueSpec | null, asked: number | undefined): number {
  if (label === null) {
    if (asked === undefined) return 0;
    throw new UsageError(`${path}: has no input for classes, but got ${asked} classes - leave classes out`);
  }
  const { name, dtype, shape } = label;
  const [, count, ...more] = shape ?? [];
  const isNumbered = shape?.length === 1 && (dtype === "int64" || dtype === "int32");
  if (isNumbered && asked !== undefined) return asked;
  if (isNumbered) {
    throw new UsageError(
      `${path}: label input '${name}' takes numbers of classes and does not say how many there are - give classes (--classes 10)`,
    );
  }
  const known = typeof count === "number" ? count : asked;
  if (shape?.length === 2 && more.length === 0 && known !== undefined && (asked ?? known) === known) return known;
  throw new UsageError(
    `${path}: label input '${name}' must be one-hot [batch, classes] or whole numbers [batch], but got ${dtype} [${shape?.join(", ") ?? "?"}]${asked === undefined ? "" : ` for ${asked} classes`}`,
  );
}
