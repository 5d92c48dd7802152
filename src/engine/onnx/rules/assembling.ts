import type { KernelCall } from "../../trace/kernel-call.js";
import type { TraceType } from "../../trace/trace.js";
import type { KernelRule } from "./kernel-rule.js";
import { wrapAxis } from "./shapes.js";

function joinedShape(call: KernelCall): number[] {
  const parts = call.list();
  const first = parts[0] ?? call.fail("nothing to join");
  const axis = wrapAxis(call, call.number("axis"), first.shape.length);
  const fits = parts.every(
    ({ shape }) =>
      shape.length === first.shape.length && shape.every((length, at) => at === axis || length === first.shape[at]),
  );
  if (!fits) return call.fail("the parts differ outside the axis");
  return first.shape.with(
    axis,
    parts.reduce((sum, { shape }) => sum + shape[axis]!, 0),
  );
}

function constantType(call: KernelCall): TraceType {
  const dtype = call.text("dtype", "float32");
  return dtype === "float32" || dtype === "int32" || dtype === "bool"
    ? dtype
    : call.fail(`type '${dtype}' is not covered`);
}

/** A kernel without inputs: always folded into a constant before anything is written. */
function constantRule(kernel: string, length: (call: KernelCall) => readonly number[]): KernelRule {
  return {
    kernel,
    infer: (call) => ({ shape: length(call), dtype: constantType(call) }),
    emit: (_graph, call) => call.fail("a constant was not folded"),
  };
}

/** Kernels that put tensors together or fill them. */
export const assemblingRules: readonly KernelRule[] = [
  constantRule("Fill", (call) => call.numbers("shape")),
  constantRule("Range", (call) => [
    Math.max(0, Math.ceil((call.number("stop") - call.number("start")) / call.number("step"))),
  ]),
  constantRule("LinSpace", (call) => [call.number("num")]),
  {
    kernel: "Concat",
    infer: (call) => ({ shape: joinedShape(call), dtype: call.list()[0]!.dtype }),
    emit: (graph, call) => {
      const axis = wrapAxis(call, call.number("axis"), call.rank("0"));
      return graph.op(
        "Concat",
        call.list().map((_, index) => graph.input(call, String(index))),
        { axis },
      );
    },
  },
  {
    kernel: "Pack",
    infer: (call) => {
      const parts = call.list();
      const first = parts[0] ?? call.fail("nothing to pack");
      const axis = wrapAxis(call, call.number("axis"), first.shape.length + 1);
      return { shape: first.shape.toSpliced(axis, 0, parts.length), dtype: first.dtype };
    },
    emit: (graph, call) => {
      const axis = wrapAxis(call, call.number("axis"), call.rank("0") + 1);
      const parts = call
        .list()
        .map((_, index) => graph.op("Unsqueeze", [graph.input(call, String(index)), graph.ints([axis])]));
      return graph.op("Concat", parts, { axis });
    },
  },
  {
    kernel: "PadV2",
    infer: (call) => {
      const { shape, dtype } = call.input("x");
      const paddings = call.pairs("paddings");
      return { shape: shape.map((length, axis) => paddings[axis]![0]! + length + paddings[axis]![1]!), dtype };
    },
    emit: (graph, call) => {
      const value = graph.constant([call.number("constantValue", 0)], [], call.input("x").dtype);
      const pads = graph.shape(call, (one) => {
        const paddings = one.pairs("paddings");
        return [...paddings.map(([before]) => before!), ...paddings.map(([, after]) => after!)];
      });
      return graph.op("Pad", [graph.input(call, "x"), pads, value]);
    },
  },
  {
    kernel: "Tile",
    infer: (call) => {
      const { shape, dtype } = call.input("x");
      const repetitions = call.numbers("reps");
      if (repetitions.length !== shape.length) return call.fail("one repetition per axis is needed");
      return { shape: shape.map((length, axis) => length * repetitions[axis]!), dtype };
    },
    emit: (graph, call) => {
      const x = graph.input(call, "x");
      const stretches = call.lengths((one) =>
        one.input("x").shape.map((length, axis) => Number(length === 1 || one.numbers("reps")[axis] === 1)),
      );
      // Repeating along axes of length 1 is a broadcast.
      if (stretches.every((flags) => flags.every((flag) => flag === 1))) {
        return graph.op("Expand", [
          x,
          graph.shape(call, (one) => one.input("x").shape.map((length, axis) => length * one.numbers("reps")[axis]!)),
        ]);
      }
      return graph.op("Tile", [x, graph.shape(call, (one) => one.numbers("reps"))]);
    },
  },
  {
    kernel: "Cumsum",
    infer: (call) => ({ shape: call.input("x").shape, dtype: call.input("x").dtype }),
    emit: (graph, call) => {
      const axis = wrapAxis(call, call.number("axis"), call.rank("x"));
      const flags = { exclusive: Number(call.flag("exclusive")), reverse: Number(call.flag("reverse")) };
      return graph.op("CumSum", [graph.input(call, "x"), graph.constant([axis], [], "int32")], flags);
    },
  },
];
