import { UsageError } from "../../../solvers/errors.js";
import { loadCpuBackend } from "../eager/load-backends.js";
import { checkLayout, checkSpecs, parameterCount } from "../specification.js";
import type { FunctionSpec } from "../types.js";
import { traceSpec } from "./compile-trace.js";
import { type DynamicBatch, emitOnnx } from "./emit-onnx.js";

/** A function to be written as an ONNX file. */
export interface OnnxExport {
  /** The function for a given batch size; the same graph for every batch. */
  readonly at: (batch: number) => FunctionSpec;
  /** Flat parameters, stored in the file. */
  readonly parameters?: Float32Array;
  /** Key-value pairs stored in the file. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Batch sizes of the two traces: odd primes, so that no other length is likely to be one of their multiples. */
const batches = [11, 13] as const;

/**
 * The bytes of an ONNX file whose batch size is free; inputs and outputs carry the names of the specification.
 * Throws `UsageError` for a bad specification, `EngineError` when the function cannot be written for every batch size. Needs no runtime.
 */
export async function exportOnnx({ at, parameters, metadata = {} }: OnnxExport): Promise<Uint8Array> {
  const tf = await loadCpuBackend();
  const [spec, other] = [at(batches[0]), at(batches[1])];
  const layout = spec.parameters ?? [];
  checkLayout(`${spec.name}, parameter`, layout);
  checkSpecs(`${spec.name}, input`, spec.inputs);
  if (parameters === undefined ? layout.length > 0 : parameters.length !== parameterCount(layout)) {
    throw new UsageError(
      `${spec.name}, parameters: the layout holds ${parameterCount(layout)} values, but got ${parameters?.length ?? "none"} - pass the vector this layout belongs to`,
    );
  }
  const [trace, twin] = [traceSpec(tf, spec, parameters), traceSpec(tf, other, parameters)];
  const free = freeAxis(spec, other);
  const dynamicBatch: DynamicBatch | undefined = free === undefined ? undefined : { twin, ...free };
  return emitOnnx(trace, {
    inputNames: spec.inputs.map(({ name }) => name),
    outputNames: trace.outputs.map((_, index) => spec.outputs?.[index] ?? `output${index}`),
    metadata,
    ...(dynamicBatch === undefined ? {} : { dynamicBatch }),
  });
}

/** The first place in the inputs' shapes that holds the batch size. */
function freeAxis(spec: FunctionSpec, other: FunctionSpec): { input: number; axis: number } | undefined {
  for (const [input, { shape }] of spec.inputs.entries()) {
    const axis = shape.findIndex((length, at) => length !== other.inputs[input]?.shape[at]);
    if (axis >= 0) return { input, axis };
  }
  return undefined;
}
