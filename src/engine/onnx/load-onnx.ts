import { readFile } from "node:fs/promises";
import { fromBinary } from "@bufbuild/protobuf";
import { TensorProto_DataType as DataType, type ModelProto, ModelProtoSchema, type ValueInfoProto } from "onnx-buf";
import { suggestion, UsageError } from "../../../solvers/errors.js";
import type { Importer } from "../eager/load-native.js";
import { EngineError, reasonOf } from "../engine-error.js";
import { sizeOf } from "../specification.js";
import {
  createSession,
  loadRuntime,
  type OnnxRuntime,
  type RuntimeData,
  type RuntimeSession,
  type RuntimeTensor,
  runSession,
  type SessionSettings,
} from "./load-runtime.js";

/** Element types of models that can be run. */
export type OnnxType = "float32" | "float64" | "int32" | "int64" | "bool";

/** One input or output of a model. */
export interface OnnxValueSpec {
  readonly name: string;
  readonly dtype: OnnxType;
  /** Lengths; a free one has its name (or "?"). Undefined when the file leaves even the rank open. */
  readonly shape: readonly (number | string)[] | undefined;
}

/** Values that go into or come out of a model, row-major. */
export interface OnnxValues {
  readonly values: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** A model read from an ONNX file. */
export interface OnnxModel {
  readonly path: string;
  readonly producer: string;
  readonly inputs: readonly OnnxValueSpec[];
  readonly outputs: readonly OnnxValueSpec[];
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * Runs the model on one entry per input, converted to the input's element type.
   * Throws `UsageError` for missing, unknown or misshapen inputs, `EngineError` (`run-failed`) when the runtime fails.
   */
  run(
    inputs: Readonly<Record<string, OnnxValues>>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<
    Record<string, { readonly values: Float32Array | Float64Array | Int32Array; readonly shape: readonly number[] }>
  >;
  dispose(): Promise<void>;
}

/** How a model file is opened. */
export interface OnnxModelOptions extends Partial<SessionSettings> {
  readonly importPackage?: Importer;
}

const types = new Map<number, OnnxType>([
  [DataType.FLOAT, "float32"],
  [DataType.DOUBLE, "float64"],
  [DataType.INT32, "int32"],
  [DataType.INT64, "int64"],
  [DataType.BOOL, "bool"],
]);

/**
 * Opens an ONNX file, whoever wrote it. Throws `EngineError`: `model-file` when it is missing, torn, no ONNX file or of an
 * unsupported element type, `engine-unavailable` when onnxruntime-node is absent.
 */
export async function loadOnnx(path: string, options: OnnxModelOptions = {}): Promise<OnnxModel> {
  const { provider = "cpu", threads = 1, importPackage } = options;
  const model = await readModel(path);
  const graph = model.graph;
  if (graph === undefined || graph.output.length === 0)
    throw new EngineError("model-file", `${path}: holds no ONNX graph - export the model again`);
  const stored = new Set(graph.initializer.map(({ name }) => name));
  const inputs = graph.input.filter(({ name }) => !stored.has(name)).map((value) => describe(path, value));
  const outputs = graph.output.map((value) => describe(path, value));
  const runtime = await loadRuntime(importPackage);
  const session = await openSession(runtime, path, { provider, threads });
  let open: RuntimeSession | undefined = session;
  return {
    path,
    producer: [model.producerName, model.producerVersion].filter((text) => text !== "").join(" "),
    inputs,
    outputs,
    metadata: Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value])),
    run: async (given, { signal } = {}) => {
      signal?.throwIfAborted();
      if (open === undefined) throw new UsageError(`${path}: the model is disposed - load it again`);
      const feeds = feedsOf(runtime, path, inputs, given);
      const results = await runSession(path, open, feeds, "check the lengths it was exported for");
      return Object.fromEntries(outputs.map(({ name }) => [name, valuesOf(path, name, results[name])]));
    },
    dispose: async () => {
      const closing = open;
      open = undefined;
      await closing?.release();
    },
  };
}

async function readModel(path: string): Promise<ModelProto> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new EngineError("model-file", `${path}: cannot be read: ${reasonOf(error)} - check the path`, {
      cause: error,
    });
  }
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (error) {
    throw new EngineError(
      "model-file",
      `${path}: is no ONNX file or is torn (${bytes.length} bytes): ${reasonOf(error)} - export the model again`,
      { cause: error },
    );
  }
}

async function openSession(runtime: OnnxRuntime, path: string, settings: SessionSettings): Promise<RuntimeSession> {
  // By path, so that weights stored in files beside it are found.
  const open = (more: Partial<SessionSettings>) =>
    createSession(runtime, path, path, { ...settings, ...more }, "export it with operators of the ONNX standard");
  try {
    // ONNX Runtime fuses x · sigmoid(x) of float64 into an operator that it has for float32 alone.
    return await open({}).catch(() => open({ optimisation: "basic" }));
  } catch (error) {
    throw new EngineError("model-file", reasonOf(error), { cause: error });
  }
}

function describe(path: string, { name, type }: ValueInfoProto): OnnxValueSpec {
  if (type?.value.case !== "tensorType")
    throw new EngineError("model-file", `${path}: '${name}' is no tensor - export the model with tensors only`);
  const { elemType, shape } = type.value.value;
  const dtype = types.get(elemType);
  if (dtype === undefined) {
    throw new EngineError(
      "model-file",
      `${path}: '${name}' has element type ${DataType[elemType] ?? elemType} - export the model in float32`,
    );
  }
  const lengths = shape?.dim.map(({ value }) =>
    value.case === "dimValue" ? Number(value.value) : value.case === "dimParam" ? value.value : "?",
  );
  return { name, dtype, shape: lengths };
}

function feedsOf(
  runtime: OnnxRuntime,
  path: string,
  specs: readonly OnnxValueSpec[],
  given: Readonly<Record<string, OnnxValues>>,
): Record<string, RuntimeTensor> {
  const names = specs.map(({ name }) => name);
  for (const name of Object.keys(given)) {
    if (!names.includes(name))
      throw new UsageError(`${path}: has no input called '${name}'.${suggestion(name, names)}`);
  }
  const free = new Map<string, number>();
  return Object.fromEntries(
    specs.map((spec) => {
      const input = given[spec.name];
      if (input === undefined)
        throw new UsageError(
          `${path}: input '${spec.name}' is missing, but got ${Object.keys(given).join(", ") || "none"} - pass it`,
        );
      checkShape(path, spec, input, free);
      return [spec.name, new runtime.Tensor(spec.dtype, convert(path, spec, input.values), input.shape)];
    }),
  );
}

function checkShape(path: string, { name, shape }: OnnxValueSpec, input: OnnxValues, free: Map<string, number>): void {
  const fits =
    shape === undefined ||
    (shape.length === input.shape.length &&
      shape.every((wanted, axis) => {
        const length = input.shape[axis]!;
        if (typeof wanted === "number") return wanted === length;
        if (wanted === "?") return true;
        const known = free.get(wanted) ?? length;
        free.set(wanted, known);
        return known === length;
      }));
  if (!fits)
    throw new UsageError(
      `${path}, input '${name}': shape must be [${shape?.join(", ")}], but got [${input.shape.join(", ")}] - reshape it`,
    );
  if (sizeOf(input.shape) !== input.values.length) {
    throw new UsageError(
      `${path}, input '${name}': shape [${input.shape.join(", ")}] holds ${sizeOf(input.shape)} values, but got ${input.values.length} - pass them row-major`,
    );
  }
}

function convert(path: string, { name, dtype }: OnnxValueSpec, values: ArrayLike<number>): RuntimeData {
  if (dtype === "float32")
    return values instanceof Float32Array && values.buffer instanceof ArrayBuffer ? values : Float32Array.from(values);
  if (dtype === "float64")
    return values instanceof Float64Array && values.buffer instanceof ArrayBuffer ? values : Float64Array.from(values);
  if (dtype === "bool") return Uint8Array.from(values, (value) => (value === 0 ? 0 : 1));
  const broken = Array.from(values).findIndex((value) => !Number.isInteger(value));
  if (broken >= 0)
    throw new UsageError(
      `${path}, input '${name}': must hold whole numbers (${dtype}), but got ${values[broken]} at index ${broken} - round it`,
    );
  return dtype === "int32" ? Int32Array.from(values) : BigInt64Array.from(Array.from(values, BigInt));
}

function valuesOf(
  path: string,
  name: string,
  tensor: RuntimeTensor | undefined,
): { values: Float32Array | Float64Array | Int32Array; shape: readonly number[] } {
  const data = tensor?.data;
  if (tensor !== undefined) {
    if (data instanceof Float32Array || data instanceof Float64Array || data instanceof Int32Array)
      return { values: data, shape: tensor.dims };
    if (data instanceof BigInt64Array) return { values: Float64Array.from(data, Number), shape: tensor.dims };
    if (data instanceof Uint8Array) return { values: Int32Array.from(data), shape: tensor.dims };
  }
  throw new EngineError(
    "run-failed",
    `${path}: output '${name}' came back without numbers - export the model in float32`,
  );
}
