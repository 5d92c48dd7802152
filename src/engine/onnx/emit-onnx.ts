import { create, toBinary } from "@bufbuild/protobuf";
import {
  GraphProtoSchema,
  ModelProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { EngineError } from "../engine-error.js";
import { KernelCall } from "../trace/kernel-call.js";
import type { Trace, TracedValue, TraceNode } from "../trace/trace.js";
import { GraphWriter } from "./graph-writer.js";
import { kernelRules } from "./rules/all-rules.js";

/** The same function traced at another batch size, which frees the batch axis of the written graph. */
export interface DynamicBatch {
  readonly twin: Trace;
  /** Index of an input whose shape holds the batch size, and where. */
  readonly input: number;
  readonly axis: number;
}

/** How a trace is written. */
export interface EmitOptions {
  /** Names of the graph's inputs, one for each of the trace's. */
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly dynamicBatch?: DynamicBatch;
  /** Key-value pairs stored in the file. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Emit every float32 as float64. */
  readonly double?: boolean;
}

/** Operator set and file format: the oldest that has everything used here, so that older runtimes read the files. */
const operatorSet = 18n;
const formatVersion = 8n;

/**
 * The bytes of an ONNX file that computes a trace.
 * Throws `EngineError` (`unmapped-kernel`) for a kernel call that no rule covers, or one that depends on the batch size in a way no graph can express.
 */
export function emitOnnx(trace: Trace, options: EmitOptions): Uint8Array {
  const { inputNames, outputNames, dynamicBatch, metadata = {}, double = false } = options;
  const twin = dynamicBatch?.twin;
  if (twin !== undefined) checkTwin(trace, twin);
  const graph = new GraphWriter({ double, ...batchOption(trace, options) });
  for (const [index, value] of trace.inputs.entries()) graph.bind(value, inputNames[index]!);
  for (const [index, node] of trace.nodes.entries()) emitNode(graph, node, twin?.nodes[index]);
  const outputs = trace.outputs.map((value, index) => {
    const name = outputNames[index]!;
    graph.name(name, graph.value(value));
    return describe(graph, name, value, twin?.outputs[index]);
  });
  const model = create(ModelProtoSchema, {
    irVersion: formatVersion,
    producerName: "score-sde",
    opsetImport: [create(OperatorSetIdProtoSchema, { domain: "", version: operatorSet })],
    metadataProps: Object.entries(metadata).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value })),
    graph: create(GraphProtoSchema, {
      name: trace.name,
      node: graph.nodes,
      initializer: graph.initializers,
      input: trace.inputs.map((value, index) => describe(graph, inputNames[index]!, value, twin?.inputs[index])),
      output: outputs,
    }),
  });
  return toBinary(ModelProtoSchema, model);
}

function emitNode(graph: GraphWriter, node: TraceNode, twin: TraceNode | undefined): void {
  const rule = kernelRules.get(node.kernel);
  if (rule === undefined)
    throw new EngineError("unmapped-kernel", `no rule writes the kernel '${node.kernel}' as ONNX`);
  const other = twin === undefined ? undefined : new KernelCall(twin.kernel, twin.inputs, twin.attrs, twin.outputs);
  const results = rule.emit(graph, new KernelCall(node.kernel, node.inputs, node.attrs, node.outputs, other));
  const names = typeof results === "string" ? [results] : results;
  for (const [index, value] of node.outputs.entries()) graph.bind(value, names[index]!);
}

function batchOption(
  trace: Trace,
  { dynamicBatch, inputNames }: EmitOptions,
): Pick<ConstructorParameters<typeof GraphWriter>[0] & object, "batch"> {
  if (dynamicBatch === undefined) return {};
  const { input, axis, twin } = dynamicBatch;
  const sizes = [trace.inputs[input]!.shape[axis]!, twin.inputs[input]!.shape[axis]!] as const;
  return { batch: { input: inputNames[input]!, axis, sizes } };
}

function checkTwin(trace: Trace, twin: Trace): void {
  const kernels = (one: Trace): string => one.nodes.map(({ kernel }) => kernel).join();
  if (kernels(trace) !== kernels(twin)) {
    throw new EngineError(
      "unmapped-kernel",
      `${trace.name}: the operations depend on the batch size - build the same graph for every batch`,
    );
  }
}

function describe(graph: GraphWriter, name: string, value: TracedValue, twin: TracedValue | undefined): ValueInfoProto {
  const dim = value.shape.map((length, axis) => {
    const free = twin !== undefined && twin.shape[axis] !== length;
    return create(TensorShapeProto_DimensionSchema, {
      value: free ? { case: "dimParam", value: "batch" } : { case: "dimValue", value: BigInt(length) },
    });
  });
  const tensor = create(TypeProto_TensorSchema, {
    elemType: graph.type(value.dtype),
    shape: create(TensorShapeProtoSchema, { dim }),
  });
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: "tensorType", value: tensor } }),
  });
}
