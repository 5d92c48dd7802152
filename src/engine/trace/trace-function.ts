import { UsageError } from "../../../solvers/errors.js";
import { EngineError, reasonOf } from "../engine-error.js";
import type { Tensor, TensorFlow, TensorSpec } from "../types.js";
import { compareTraces } from "./compare-traces.js";
import type { ConstantValues, Trace } from "./trace.js";
import { type Inference, Recorder, registerTracingBackend, tracingBackend } from "./tracing-backend.js";

/** One input of a traced function; with values it becomes a constant of the graph. */
export interface TraceInput extends TensorSpec {
  readonly values?: ConstantValues;
}

/** A function of tensors to be traced. */
export interface TracedFunction {
  readonly name: string;
  readonly inputs: readonly TraceInput[];
  build(tf: TensorFlow, inputs: readonly Tensor[]): readonly Tensor[];
}

let active: Recorder | undefined;

/**
 * Builds the function twice on shapes alone and returns what it did.
 * Throws `EngineError`: `impure-function` when the two differ, `value-read`, `unmapped-kernel`, `build-failed` when the function itself throws.
 */
export function traceFunction(tf: TensorFlow, spec: TracedFunction, rules: ReadonlyMap<string, Inference>): Trace {
  registerTracingBackend(tf, rules, () => {
    if (active === undefined)
      throw new EngineError(
        "build-failed",
        "a tensor of a traced function was used after the trace - return it as an output",
      );
    return active;
  });
  const first = traceOnce(tf, spec);
  const difference = compareTraces(first, traceOnce(tf, spec));
  if (difference !== undefined) {
    throw new EngineError(
      "impure-function",
      `${spec.name}: ${difference} between two builds of the same function - it is random or captures a changing number; pass that as an input`,
    );
  }
  return first;
}

function traceOnce(tf: TensorFlow, { name, inputs, build }: TracedFunction): Trace {
  const recorder = new Recorder(tf);
  const outer = active;
  const before = tf.engine().backendName;
  active = recorder;
  // Initialised or with a synchronous factory, a backend is in place before the promise is returned.
  void tf.setBackend(tracingBackend);
  tf.engine().startScope();
  let outputs: readonly Tensor[] = [];
  try {
    const made = inputs.map(({ shape, dtype, values }) =>
      recorder.add({ shape, dtype: dtype ?? "float32" }, values?.slice()),
    );
    const tensors = made.map(({ value, dataId }) =>
      tf.engine().makeTensorFromTensorInfo({ dataId, shape: [...value.shape], dtype: value.dtype }),
    );
    outputs = build(tf, tensors);
    const results = outputs.map((tensor) => recorder.find(tensor));
    return {
      name,
      inputs: made.map(({ value }) => value).filter((value) => value.constant === undefined),
      nodes: recorder.nodes,
      outputs: results,
    };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof EngineError) throw new EngineError(error.code, `${name}: ${error.message}`, { cause: error });
    throw new EngineError(
      "build-failed",
      `${name}: ${reasonOf(error)} - the function failed while it was built; check the shapes it combines`,
      {
        cause: error,
      },
    );
  } finally {
    for (const tensor of outputs) tensor.dispose();
    tf.engine().endScope();
    active = outer;
    void tf.setBackend(before);
  }
}
