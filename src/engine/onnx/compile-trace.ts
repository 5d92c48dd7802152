import { lossAndGradient } from "../gradient-function.js";
import { parameterAccess, parameterCount, splitParameters } from "../specification.js";
import { simplifyTrace } from "../trace/simplify-trace.js";
import type { Trace } from "../trace/trace.js";
import { type TracedFunction, traceFunction } from "../trace/trace-function.js";
import type { FunctionSpec, LossSpec, TensorFlow } from "../types.js";
import { kernelRules } from "./rules/all-rules.js";

const inference = new Map([...kernelRules].map(([kernel, rule]) => [kernel, rule.infer.bind(rule)]));

/** A function as a simplified trace; its first input is the flat parameter vector unless there is none or it is fixed. */
export function traceSpec(tf: TensorFlow, spec: FunctionSpec, parameters: Float32Array | undefined): Trace {
  const layout = spec.parameters ?? [];
  const flat = {
    name: "parameters",
    shape: [parameterCount(layout)],
    ...(parameters === undefined ? {} : { values: parameters }),
  };
  return traced(tf, {
    name: spec.name,
    inputs: layout.length === 0 ? spec.inputs : [flat, ...spec.inputs],
    build: (module, tensors) => {
      if (layout.length === 0) return spec.build(module, tensors, parameterAccess([], []));
      const pieces = splitParameters(module, tensors[0]!, layout);
      return spec.build(module, tensors.slice(1), parameterAccess(layout, pieces));
    },
  });
}

/** A loss with its gradient as a simplified trace: inputs are the flat parameters and the loss's own, outputs loss, gradient and auxiliary. */
export function traceLoss(tf: TensorFlow, spec: LossSpec, options: { readonly fold: boolean } = { fold: true }): Trace {
  return traced(
    tf,
    {
      name: spec.name,
      inputs: [{ name: "parameters", shape: [parameterCount(spec.parameters)] }, ...spec.inputs],
      build: (module, tensors) => lossAndGradient(module, spec, tensors[0]!, tensors.slice(1)),
    },
    options,
  );
}

function traced(tf: TensorFlow, spec: TracedFunction, options: { readonly fold: boolean } = { fold: true }): Trace {
  return simplifyTrace(tf, traceFunction(tf, spec, inference), options);
}
