import { sizeOf } from "../../specification.js";
import type { KernelCall } from "../../trace/kernel-call.js";
import type { KernelRule } from "./kernel-rule.js";
import { reductionAxes, wrapAxis } from "./shapes.js";

/** The shape asked for, with a length of -1 filled in. */
function targetShape(call: KernelCall): number[] {
  const size = sizeOf(call.input("x").shape);
  const wanted = [...call.numbers("shape")];
  const open = wanted.indexOf(-1);
  if (open >= 0) wanted[open] = size / sizeOf(wanted.filter((length) => length !== -1));
  return sizeOf(wanted) === size ? wanted : call.fail(`cannot reshape to [${wanted.join(", ")}]`);
}

const transposedShape = (call: KernelCall): number[] =>
  call.numbers("perm").map((axis) => call.input("x").shape[axis]!);

/** Where to put the length 1; -1 is behind the last axis. */
function expandedAxis(call: KernelCall): number {
  const dim = call.number("dim");
  return wrapAxis(call, dim, call.rank("input") + 1);
}

/** Kernels that only rearrange the order in which values are read. */
export const reshapingRules: readonly KernelRule[] = [
  {
    kernel: "Reshape",
    infer: (call) => ({ shape: targetShape(call), dtype: call.input("x").dtype }),
    emit: (graph, call) => graph.op("Reshape", [graph.input(call, "x"), graph.shape(call, targetShape)]),
  },
  {
    kernel: "ExpandDims",
    infer: (call) => {
      const { shape, dtype } = call.input("input");
      return { shape: shape.toSpliced(expandedAxis(call), 0, 1), dtype };
    },
    emit: (graph, call) => graph.op("Unsqueeze", [graph.input(call, "input"), graph.ints([expandedAxis(call)])]),
  },
  {
    kernel: "Transpose",
    infer: (call) => ({ shape: transposedShape(call), dtype: call.input("x").dtype }),
    emit: (graph, call) => graph.op("Transpose", [graph.input(call, "x")], { perm: call.numbers("perm") }),
  },
  {
    kernel: "Reverse",
    infer: (call) => ({ shape: call.input("x").shape, dtype: call.input("x").dtype }),
    emit: (graph, call) => {
      const axes = reductionAxes(call, "dims", call.rank("x"));
      if (axes.length === 0) return graph.op("Identity", [graph.input(call, "x")]);
      const each = (value: number): string => graph.ints(axes.map(() => value));
      return graph.op("Slice", [graph.input(call, "x"), each(-1), each(-(2 ** 53 - 1)), graph.ints(axes), each(-1)]);
    },
  },
];
