import type { KernelCall } from "../../trace/kernel-call.js";
import type { Shaped } from "../../trace/trace.js";
import type { GraphWriter } from "../graph-writer.js";
import type { KernelRule } from "./kernel-rule.js";
import { broadcastShapes } from "./shapes.js";

function productShape(call: KernelCall): Shaped {
  const [a, b] = [call.input("a"), call.input("b")];
  const [rankA, rankB] = [a.shape.length, b.shape.length];
  if (rankA < 2 || rankB < 2 || a.dtype !== "float32" || b.dtype !== "float32")
    return call.fail("both factors must be float32 matrices");
  const rows = a.shape[call.flag("transposeA") ? rankA - 1 : rankA - 2]!;
  const innerA = a.shape[call.flag("transposeA") ? rankA - 2 : rankA - 1]!;
  const innerB = b.shape[call.flag("transposeB") ? rankB - 1 : rankB - 2]!;
  const columns = b.shape[call.flag("transposeB") ? rankB - 2 : rankB - 1]!;
  if (innerA !== innerB) return call.fail(`the inner lengths ${innerA} and ${innerB} differ`);
  const outer =
    broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)) ?? call.fail("the outer axes do not broadcast");
  return { shape: [...outer, rows, columns], dtype: "float32" };
}

function emitProduct(graph: GraphWriter, call: KernelCall): string {
  const [a, b] = [graph.input(call, "a"), graph.input(call, "b")];
  const [transA, transB] = [call.flag("transposeA"), call.flag("transposeB")];
  // Gemm transposes while it packs; MatMul would need the transpose written out.
  if (call.rank("a") === 2 && call.rank("b") === 2 && (transA || transB)) {
    return graph.op("Gemm", [a, b], { transA: Number(transA), transB: Number(transB) });
  }
  return graph.op("MatMul", [
    transA ? swapLast(graph, a, call.rank("a")) : a,
    transB ? swapLast(graph, b, call.rank("b")) : b,
  ]);
}

function swapLast(graph: GraphWriter, x: string, rank: number): string {
  const perm = [...Array(rank).keys()];
  perm.splice(rank - 2, 2, rank - 1, rank - 2);
  return graph.op("Transpose", [x], { perm });
}

/** Writes the activation that a fused kernel applies last. */
export function emitActivation(graph: GraphWriter, call: KernelCall, x: string): string {
  const activation = call.text("activation", "linear");
  switch (activation) {
    case "linear":
      return x;
    case "relu":
      return graph.op("Relu", [x]);
    case "relu6":
      return graph.op("Clip", [x, graph.scalar(0), graph.scalar(6)]);
    case "elu":
      return graph.op("Elu", [x]);
    case "sigmoid":
      return graph.op("Sigmoid", [x]);
    case "leakyrelu":
      return graph.op("LeakyRelu", [x], { alpha: { float: call.number("leakyreluAlpha", 0.2) } });
    default:
      return call.fail(`the fused activation '${activation}' is not covered`);
  }
}

/** Products of matrices and batches of them. */
export const matrixRules: readonly KernelRule[] = [
  { kernel: "BatchMatMul", infer: productShape, emit: emitProduct },
  {
    kernel: "_FusedMatMul",
    infer: productShape,
    emit: (graph, call) => {
      const product = emitProduct(graph, call);
      return emitActivation(
        graph,
        call,
        call.has("bias") ? graph.op("Add", [product, graph.input(call, "bias")]) : product,
      );
    },
  },
];
