import { create } from "@bufbuild/protobuf";
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
} from "onnx-buf";
import { EngineError } from "../engine-error.js";
import { sizeOf } from "../specification.js";
import type { KernelCall } from "../trace/kernel-call.js";
import type { TracedValue, TraceType } from "../trace/trace.js";

/** Value of a node's attribute: numbers are integers unless wrapped as `{ float }`. */
export type AttributeValue = number | readonly number[] | string | { readonly float: number };

/** How a graph is written. */
export interface WriterOptions {
  /** Emit every float32 as float64. */
  readonly double?: boolean;
  /** The graph's free batch size: where to read it, and its values in the two traces. */
  readonly batch?: { readonly input: string; readonly axis: number; readonly sizes: readonly [number, number] };
}

/** Collects nodes and initialisers of one ONNX graph. */
export class GraphWriter {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  readonly double: boolean;
  readonly #batch: WriterOptions["batch"];
  readonly #names = new Map<number, string>();
  readonly #shared = new Map<string, string>();
  #count = 0;
  #batchName: string | undefined;

  constructor(options: WriterOptions = {}) {
    this.double = options.double ?? false;
    this.#batch = options.batch;
  }

  /** Gives a traced value its name in the graph. */
  bind(value: TracedValue, name: string): void {
    this.#names.set(value.id, name);
  }

  /** The graph's name of an input of a call; a constant becomes an initialiser. */
  input(call: KernelCall, name: string): string {
    const bound = this.#names.get(call.input(name).id);
    if (bound !== undefined) return bound;
    if (call.agrees((one) => [one.input(name).shape, ...(one.input(name).constant ?? [])]))
      return this.value(call.input(name));
    // A constant that is stretched along the batch can be stretched in the graph.
    const free = stretchedAxes(call, name);
    const { dtype } = call.input(name);
    const stem = call.lengths(
      (one) =>
        unstretched(one.input(name), free) ?? one.fail(`the values of constant '${name}' depend on the batch size`),
    );
    if (stem.length > 1 && String(stem[0]) !== String(stem[1]))
      return call.fail(`the values of constant '${name}' depend on the batch size`);
    const shape = call.input(name).shape.map((length, axis) => (free.includes(axis) ? 1 : length));
    return this.op("Expand", [this.constant(stem[0]!, shape, dtype), this.shape(call, (one) => one.input(name).shape)]);
  }

  /** The graph's name of a traced value. */
  value(value: TracedValue): string {
    const bound = this.#names.get(value.id);
    if (bound !== undefined) return bound;
    if (value.constant === undefined)
      throw new EngineError("compile-failed", `a value of the trace has no origin (id ${value.id})`);
    const name = this.constant(value.constant, value.shape, value.dtype);
    this.#names.set(value.id, name);
    return name;
  }

  /** Adds a node and returns the name of its first output. */
  op(type: string, inputs: readonly string[], attributes: Readonly<Record<string, AttributeValue>> = {}): string {
    return this.ops(type, inputs, attributes, 1)[0]!;
  }

  /** Adds a node with several outputs. */
  ops(
    type: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>>,
    count: number,
  ): string[] {
    const output = Array.from({ length: count }, () => this.#fresh(type));
    const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
    this.nodes.push(create(NodeProtoSchema, { opType: type, name: output[0]!, input: [...inputs], output, attribute }));
    return output;
  }

  /** Makes a value known under the name of a graph output. */
  name(output: string, value: string): void {
    this.nodes.push(create(NodeProtoSchema, { opType: "Identity", name: output, input: [value], output: [output] }));
  }

  /** A one-dimensional int64 constant. */
  ints(values: readonly number[]): string {
    return this.#initializer(
      DataType.INT64,
      [values.length],
      BigInt64Array.from(values, BigInt),
      `ints ${values.join()}`,
    );
  }

  /** A float scalar of the graph's precision. */
  scalar(value: number): string {
    return this.constant([value], [], "float32");
  }

  /** A constant tensor; equal small ones share one initialiser. */
  constant(values: ArrayLike<number>, shape: readonly number[], dtype: TraceType): string {
    const small =
      values.length <= 64
        ? `${dtype} ${shape.join()} : ${Array.from(values, (value) => (Object.is(value, -0) ? "-0" : value)).join()}`
        : undefined;
    if (dtype === "bool") return this.#initializer(DataType.BOOL, shape, Uint8Array.from(values), small);
    if (dtype === "int32") return this.#initializer(DataType.INT32, shape, Int32Array.from(values), small);
    if (this.double) return this.#initializer(DataType.DOUBLE, shape, Float64Array.from(values), small);
    return this.#initializer(DataType.FLOAT, shape, Float32Array.from(values), small);
  }

  /** An int64 vector of lengths; those that are multiples of the batch size are computed in the graph. */
  shape(call: KernelCall, select: (call: KernelCall) => readonly number[]): string {
    const [here, there] = call.lengths(select);
    if (there === undefined || String(here) === String(there)) return this.ints(here!);
    const parts = here!.map((length, index) =>
      length === there[index] ? this.ints([length]) : this.#multiple(call, length, there[index]),
    );
    return parts.length === 1 ? parts[0]! : this.op("Concat", parts, { axis: 0 });
  }

  /** The ONNX number of a traced element type. */
  type(dtype: TraceType): DataType {
    if (dtype === "bool") return DataType.BOOL;
    if (dtype === "int32") return DataType.INT32;
    return this.double ? DataType.DOUBLE : DataType.FLOAT;
  }

  #multiple(call: KernelCall, here: number, there: number | undefined): string {
    const batch = this.#batch;
    if (batch === undefined || there === undefined) return call.fail("a length depends on the batch size");
    const factor = here / batch.sizes[0];
    if (!Number.isInteger(factor) || there !== factor * batch.sizes[1])
      return call.fail("a length is no multiple of the batch size");
    this.#batchName ??= this.op("Shape", [batch.input], { start: batch.axis, end: batch.axis + 1 });
    if (factor === 1) return this.#batchName;
    const key = `batch * ${factor}`;
    const name = this.#shared.get(key) ?? this.op("Mul", [this.#batchName, this.ints([factor])]);
    this.#shared.set(key, name);
    return name;
  }

  #initializer(
    dataType: DataType,
    dims: readonly number[],
    values: Exclude<NodeJS.TypedArray, Uint8ClampedArray>,
    key: string | undefined,
  ): string {
    const known = key === undefined ? undefined : this.#shared.get(key);
    if (known !== undefined) return known;
    const name = this.#fresh("constant");
    const rawData = new Uint8Array(values.byteLength);
    rawData.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    if (values.length !== sizeOf(dims))
      throw new EngineError(
        "compile-failed",
        `a constant of ${values.length} values does not fill shape [${dims.join(", ")}]`,
      );
    this.initializers.push(create(TensorProtoSchema, { name, dataType, dims: dims.map(BigInt), rawData }));
    if (key !== undefined) this.#shared.set(key, name);
    return name;
  }

  #fresh(stem: string): string {
    this.#count += 1;
    return `${stem}_${this.#count}`;
  }
}

/** Axes of an input whose lengths differ between a call and its twin. */
function stretchedAxes(call: KernelCall, name: string): number[] {
  const [here = [], there = []] = call.lengths((one) => one.input(name).shape);
  return here.flatMap((length, axis) => (length === there[axis] ? [] : [axis]));
}

/** The values at index 0 of the given axes, if the constant does not change along them. */
function unstretched({ constant, shape }: TracedValue, axes: readonly number[]): number[] | undefined {
  if (constant === undefined || constant.length === 0) return undefined;
  const kept: number[] = [];
  for (const [index, value] of constant.entries()) {
    let [rest, base, stride] = [index, 0, 1];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const at = rest % shape[axis]!;
      rest = (rest - at) / shape[axis]!;
      if (!axes.includes(axis)) base += at * stride;
      stride *= shape[axis]!;
    }
    if (constant[base] !== value) return undefined;
    if (base === index) kept.push(value);
  }
  return kept;
}

/** The one value that a constant holds everywhere, if it does. */
export function uniformValue({ constant }: TracedValue): number | undefined {
  if (constant === undefined || constant.length === 0) return undefined;
  const level = constant[0]!;
  return constant.every((value) => value === level) ? level : undefined;
}

function attributeOf(name: string, value: AttributeValue): AttributeProto {
  if (typeof value === "string")
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) });
  if (typeof value === "number")
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  if ("float" in value) return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) });
}
