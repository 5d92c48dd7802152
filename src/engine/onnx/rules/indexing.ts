import { TensorProto_DataType as DataType } from "onnx-buf";
import type { KernelCall } from "../../trace/kernel-call.js";
import type { KernelRule } from "./kernel-rule.js";
import { wrapAxis } from "./shapes.js";

function gatherAxis(call: KernelCall): number {
  if (call.number("batchDims", 0) !== 0) call.fail("batchDims is not covered");
  return wrapAxis(call, call.number("axis", 0), call.rank("x"));
}

function segmentShape(call: KernelCall): number[] {
  if (call.rank("segmentIds") !== 1) return call.fail("segment ids must have rank 1");
  return [call.number("numSegments"), ...call.input("x").shape.slice(1)];
}

/** Kernels that look up by integer indices (embeddings, classes), and the gradient of a look-up. */
export const indexingRules: readonly KernelRule[] = [
  {
    kernel: "GatherV2",
    infer: (call) => {
      const { shape, dtype } = call.input("x");
      return { shape: shape.toSpliced(gatherAxis(call), 1, ...call.input("indices").shape), dtype };
    },
    emit: (graph, call) =>
      graph.op("Gather", [graph.input(call, "x"), graph.input(call, "indices")], { axis: gatherAxis(call) }),
  },
  {
    kernel: "OneHot",
    infer: (call) => ({
      shape: [...call.input("indices").shape, call.number("depth")],
      dtype: call.text("dtype", "float32") === "int32" ? "int32" : "float32",
    }),
    emit: (graph, call) => {
      const levels = graph.constant([call.number("offValue", 0), call.number("onValue", 1)], [2], "float32");
      const depth = graph.constant([call.number("depth")], [], "int32");
      const indices = graph.op("Cast", [graph.input(call, "indices")], { to: DataType.INT64 });
      // The runtime wraps negative indices; TensorFlow.js gives rows of `offValue` for them.
      const outside = graph.op("Less", [graph.input(call, "indices"), graph.constant([0], [], "int32")]);
      const safe = graph.op("Where", [outside, graph.op("Cast", [depth], { to: DataType.INT64 }), indices]);
      const hot = graph.op("OneHot", [safe, graph.op("Cast", [depth], { to: DataType.INT64 }), levels], { axis: -1 });
      return call.outputType() === "float32" ? hot : graph.op("Cast", [hot], { to: graph.type(call.outputType()) });
    },
  },
  {
    kernel: "UnsortedSegmentSum",
    infer: (call) => ({ shape: segmentShape(call), dtype: call.input("x").dtype }),
    emit: (graph, call) => {
      const zeros = graph.op("Expand", [graph.constant([0], [], call.outputType()), graph.shape(call, segmentShape)]);
      const indices = graph.op("Unsqueeze", [
        graph.op("Cast", [graph.input(call, "segmentIds")], { to: DataType.INT64 }),
        graph.ints([1]),
      ]);
      return graph.op("ScatterND", [zeros, indices, graph.input(call, "x")], { reduction: "add" });
    },
  },
];
