import type { KernelRule } from "./kernel-rule.js";
import { wrapAxis } from "./shapes.js";

/** Softmax, its logarithm, and batch normalisation with given moments. */
export const normalisingRules: readonly KernelRule[] = [
  {
    kernel: "Softmax",
    infer: (call) => ({ shape: call.input("logits").shape, dtype: "float32" }),
    emit: (graph, call) =>
      graph.op("Softmax", [graph.input(call, "logits")], {
        axis: wrapAxis(call, call.number("dim", -1), call.rank("logits")),
      }),
  },
  {
    kernel: "LogSoftmax",
    infer: (call) => ({ shape: call.input("logits").shape, dtype: "float32" }),
    emit: (graph, call) =>
      graph.op("LogSoftmax", [graph.input(call, "logits")], {
        axis: wrapAxis(call, call.number("axis", -1), call.rank("logits")),
      }),
  },
  {
    kernel: "FusedBatchNorm",
    infer: (call) => ({ shape: call.input("x").shape, dtype: "float32" }),
    emit: (graph, call) => {
      const deviation = graph.op("Sub", [graph.input(call, "x"), graph.input(call, "mean")]);
      const spread = graph.op("Sqrt", [
        graph.op("Add", [graph.input(call, "variance"), graph.scalar(call.number("varianceEpsilon", 0.001))]),
      ]);
      let result = graph.op("Div", [deviation, spread]);
      if (call.has("scale")) result = graph.op("Mul", [result, graph.input(call, "scale")]);
      return call.has("offset") ? graph.op("Add", [result, graph.input(call, "offset")]) : result;
    },
  },
];
