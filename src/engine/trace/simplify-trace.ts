import type { DataType, NamedTensorMap } from "@tensorflow/tfjs-core";
import type { Tensor, TensorFlow } from "../types.js";
import type { ConstantValues, Trace, TracedValue, TraceNode } from "./trace.js";

/** The trace without the nodes that no output needs, identities removed, nodes without inputs and (with `fold`) of constants alone evaluated on the cpu backend. */
export function simplifyTrace(tf: TensorFlow, trace: Trace, options: { readonly fold: boolean }): Trace {
  const replaced = new Map<number, TracedValue>();
  const current = (value: TracedValue): TracedValue => replaced.get(value.id) ?? value;
  const nodes: TraceNode[] = [];
  for (const node of trace.nodes) {
    const inputs = Object.fromEntries(Object.entries(node.inputs).map(([name, value]) => [name, current(value)]));
    const [output] = node.outputs;
    const source = aliasSource(node, inputs);
    if (source !== undefined && output !== undefined) {
      replaced.set(output.id, source);
      continue;
    }
    const list = Object.values(inputs);
    if ((options.fold || list.length === 0) && list.every(({ constant }) => constant !== undefined)) {
      const results = evaluate(tf, node.kernel, inputs, node.attrs);
      for (const [index, result] of results.entries()) {
        const { id, shape, dtype } = node.outputs[index]!;
        replaced.set(id, { id, shape, dtype, constant: result });
      }
      continue;
    }
    nodes.push({ ...node, inputs });
  }
  const outputs = trace.outputs.map(current);
  const needed = new Set(outputs.map(({ id }) => id));
  const kept: TraceNode[] = [];
  for (const node of nodes.reverse()) {
    if (!node.outputs.some(({ id }) => needed.has(id))) continue;
    for (const { id } of Object.values(node.inputs)) needed.add(id);
    kept.push(node);
  }
  return { ...trace, nodes: kept.reverse(), outputs };
}

/** The input that the node passes on unchanged, if it does. */
function aliasSource(node: TraceNode, inputs: Readonly<Record<string, TracedValue>>): TracedValue | undefined {
  const output = node.outputs[0];
  const x = inputs.x;
  if (output === undefined || x === undefined) return undefined;
  if (node.kernel === "Identity") return x;
  const same = String(x.shape) === String(output.shape) && x.dtype === output.dtype;
  return same && (node.kernel === "Reshape" || node.kernel === "Cast") ? x : undefined;
}

function evaluate(
  tf: TensorFlow,
  kernel: string,
  inputs: Readonly<Record<string, TracedValue>>,
  attrs: Readonly<Record<string, unknown>>,
): ConstantValues[] {
  const before = tf.engine().backendName;
  void tf.setBackend("cpu");
  tf.engine().startScope();
  try {
    const names = Object.keys(inputs);
    const tensors = Object.fromEntries(
      names.map((name) => {
        const { constant, shape, dtype } = inputs[name]!;
        return [name, tf.engine().makeTensor(constant!, [...shape], dtype as DataType)];
      }),
    );
    const isList = names.length > 0 && names.every((name, index) => name === String(index));
    const given = isList ? (Object.values(tensors) as Tensor[] & NamedTensorMap) : tensors;
    const results = tf
      .engine()
      .runKernel(kernel, given, { ...attrs } as Parameters<ReturnType<TensorFlow["engine"]>["runKernel"]>[2]);
    const list = Array.isArray(results) ? results : [results];
    return list.map((info) => (info as Tensor).dataSync<"float32" | "int32" | "bool">().slice());
  } finally {
    tf.engine().endScope();
    void tf.setBackend(before);
  }
}
