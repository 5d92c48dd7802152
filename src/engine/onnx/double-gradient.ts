import { loadCpuBackend } from "../eager/load-backends.js";
import type { Importer } from "../eager/load-native.js";
import { EngineError } from "../engine-error.js";
import { parameterCount } from "../specification.js";
import type { LossSpec } from "../types.js";
import { traceLoss } from "./compile-trace.js";
import { emitOnnx } from "./emit-onnx.js";
import { createSession, loadRuntime, runSession } from "./load-runtime.js";

/** A loss with its gradient in float64. */
export interface DoubleGradient {
  /** Loss and ∂loss/∂parameters at the flat `parameters`; one array per input of the loss. */
  run(
    parameters: Float64Array,
    inputs: readonly (Float64Array | Int32Array)[],
  ): Promise<{ readonly loss: number; readonly gradient: Float64Array }>;
  dispose(): Promise<void>;
}

/**
 * Compiles the very trace that trains in float32, emitted in float64, so that central differences can check the gradient to 1e-8.
 * Constants keep their float32 values. Throws `EngineError` when ONNX Runtime is absent or lacks a float64 kernel.
 */
export async function compileDoubleGradient(spec: LossSpec, importPackage?: Importer): Promise<DoubleGradient> {
  const runtime = await loadRuntime(importPackage);
  const trace = traceLoss(await loadCpuBackend(), spec, { fold: false });
  const inputNames = trace.inputs.map((_, index) => `input${index}`);
  const outputNames = trace.outputs.map((_, index) => `output${index}`);
  const model = emitOnnx(trace, { inputNames, outputNames, double: true });
  const session = await createSession(runtime, `${spec.name} (float64)`, model, { provider: "cpu", threads: 1 });
  const shapes = [[parameterCount(spec.parameters)], ...spec.inputs.map(({ shape }) => shape)];
  return {
    run: async (parameters, inputs) => {
      const values = [parameters, ...inputs];
      const feeds = Object.fromEntries(
        values.map((array, index) => [
          `input${index}`,
          new runtime.Tensor(array instanceof Int32Array ? "int32" : "float64", array, shapes[index]!),
        ]),
      );
      const { output0, output1 } = await runSession(spec.name, session, feeds);
      if (!(output0?.data instanceof Float64Array) || !(output1?.data instanceof Float64Array)) {
        throw new EngineError("run-failed", `${spec.name}: no float64 gradient came back`);
      }
      return { loss: output0.data[0]!, gradient: output1.data };
    },
    dispose: () => session.release(),
  };
}
