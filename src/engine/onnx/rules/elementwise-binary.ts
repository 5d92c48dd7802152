import type { KernelCall } from "../../trace/kernel-call.js";
import type { Shaped } from "../../trace/trace.js";
import { type GraphWriter, uniformValue } from "../graph-writer.js";
import type { KernelRule } from "./kernel-rule.js";
import { broadcastShapes } from "./shapes.js";

type Emission = (graph: GraphWriter, a: string, b: string, call: KernelCall) => string;

const arithmetic: Readonly<Record<string, Emission>> = {
  Add: (graph, a, b) => graph.op("Add", [a, b]),
  Sub: (graph, a, b) => graph.op("Sub", [a, b]),
  Multiply: (graph, a, b) => graph.op("Mul", [a, b]),
  RealDiv: (graph, a, b) => graph.op("Div", [a, b]),
  Maximum: (graph, a, b) => graph.op("Max", [a, b]),
  Minimum: (graph, a, b) => graph.op("Min", [a, b]),
  Pow: (graph, a, b) => graph.op("Pow", [a, b]),
  SquaredDifference: (graph, a, b) => {
    const difference = graph.op("Sub", [a, b]);
    return graph.op("Mul", [difference, difference]);
  },
  // TensorFlow.js labels the quotient int32.
  FloorDiv: (graph, a, b) =>
    graph.op("Cast", [graph.op("Floor", [graph.op("Div", [a, b])])], { to: graph.type("int32") }),
  // The sign of the divisor, as TensorFlow's floormod: a - b·floor(a/b).
  Mod: (graph, a, b) => graph.op("Sub", [a, graph.op("Mul", [b, graph.op("Floor", [graph.op("Div", [a, b])])])]),
  Prelu: (graph, a, b) => graph.op("Where", [graph.op("Less", [a, graph.scalar(0)]), graph.op("Mul", [a, b]), a]),
};

const comparing: Readonly<Record<string, Emission>> = {
  Equal: (graph, a, b) => graph.op("Equal", [a, b]),
  NotEqual: (graph, a, b) => graph.op("Not", [graph.op("Equal", [a, b])]),
  Greater: (graph, a, b) => graph.op("Greater", [a, b]),
  GreaterEqual: (graph, a, b) => graph.op("GreaterOrEqual", [a, b]),
  Less: (graph, a, b) => graph.op("Less", [a, b]),
  LessEqual: (graph, a, b) => graph.op("LessOrEqual", [a, b]),
  LogicalAnd: (graph, a, b) => graph.op("And", [a, b]),
  LogicalOr: (graph, a, b) => graph.op("Or", [a, b]),
  LogicalXor: (graph, a, b) => graph.op("Xor", [a, b]),
};

function sides(call: KernelCall): [string, string] {
  return call.kernel === "Prelu" ? ["x", "alpha"] : ["a", "b"];
}

function inferBroadcast(call: KernelCall): Shaped {
  const [left, right] = sides(call);
  const [a, b] = [call.input(left), call.input(right)];
  const shape = broadcastShapes(a.shape, b.shape) ?? call.fail("the shapes do not broadcast");
  if (a.dtype !== b.dtype) return call.fail(`the types ${a.dtype} and ${b.dtype} differ`);
  if (call.kernel in arithmetic && a.dtype === "bool") return call.fail("arithmetic on booleans needs tf.cast");
  if ((call.kernel === "FloorDiv" || call.kernel === "Mod") && a.dtype !== "float32")
    return call.fail("only float32 is covered");
  if (call.kernel === "FloorDiv") return { shape, dtype: "int32" };
  return { shape, dtype: call.kernel in comparing ? "bool" : a.dtype };
}

/** An operand; a constant that is one value everywhere shrinks to a scalar when the other side already has the output's shape. */
function operand(graph: GraphWriter, call: KernelCall, name: string, other: string): string {
  const value = call.input(name);
  const level = uniformValue(value);
  const otherFills = call
    .lengths((one) => [...one.input(other).shape])
    .every((shape, index) => String(shape) === String(outputShapes(call)[index]));
  if (level !== undefined && otherFills && call.agrees((one) => uniformValue(one.input(name))))
    return graph.constant([level], [], value.dtype);
  return graph.input(call, name);
}

function outputShapes(call: KernelCall): readonly (readonly number[])[] {
  const [left, right] = sides(call);
  return call.lengths((one) => broadcastShapes(one.input(left).shape, one.input(right).shape) ?? []);
}

/** A product with ones changes nothing once the other side has the output's shape. */
function isNeutral(call: KernelCall, name: string, other: string): boolean {
  const neutral = call.kernel === "Multiply" || (call.kernel === "RealDiv" && name === "b") ? 1 : undefined;
  if (
    neutral === undefined ||
    !call.agrees((one) => uniformValue(one.input(name)) === neutral) ||
    uniformValue(call.input(name)) !== neutral
  )
    return false;
  return call
    .lengths((one) => [...one.input(other).shape])
    .every((shape, index) => String(shape) === String(outputShapes(call)[index]));
}

function emitBinary(emission: Emission): KernelRule["emit"] {
  return (graph, call) => {
    const [left, right] = sides(call);
    if (isNeutral(call, right, left)) return graph.input(call, left);
    if (isNeutral(call, left, right)) return graph.input(call, right);
    return emission(graph, operand(graph, call, left, right), operand(graph, call, right, left), call);
  };
}

const select: KernelRule = {
  kernel: "Select",
  infer: (call) => {
    const [condition, t, e] = [call.input("condition"), call.input("t"), call.input("e")];
    if (condition.dtype !== "bool") return call.fail("the condition must be boolean");
    if (String(t.shape) !== String(e.shape)) return call.fail("both branches must have one shape");
    return { shape: t.shape, dtype: t.dtype };
  },
  emit: (graph, call) => {
    let condition = graph.input(call, "condition");
    // A condition of rank 1 chooses rows; ONNX aligns at the last axis.
    const extra = call.rank("t") - call.rank("condition");
    if (extra > 0)
      condition = graph.op("Unsqueeze", [condition, graph.ints([...Array(extra).keys()].map((axis) => axis + 1))]);
    return graph.op("Where", [condition, graph.input(call, "t"), graph.input(call, "e")]);
  },
};

const addN: KernelRule = {
  kernel: "AddN",
  infer: (call) => {
    const [first, ...rest] = call.list();
    if (first === undefined || rest.some(({ shape }) => String(shape) !== String(first.shape)))
      return call.fail("every term must have one shape");
    return { shape: first.shape, dtype: first.dtype };
  },
  emit: (graph, call) =>
    graph.op(
      "Sum",
      call.list().map((_, index) => graph.input(call, String(index))),
    ),
};

const eluGrad: KernelRule = {
  kernel: "EluGrad",
  infer: (call) => ({ shape: call.input("y").shape, dtype: "float32" }),
  // elu' is 1 for y ≥ 0 and y + 1 below.
  emit: (graph, call) => {
    const [dy, y] = [graph.input(call, "dy"), graph.input(call, "y")];
    const slope = graph.op("Add", [graph.op("Min", [y, graph.scalar(0)]), graph.scalar(1)]);
    return graph.op("Mul", [dy, slope]);
  },
};

/** Functions of two tensors that broadcast against each other, and sums of many. */
export const binaryRules: readonly KernelRule[] = [
  ...Object.entries({ ...arithmetic, ...comparing }).map(
    ([kernel, emission]): KernelRule => ({ kernel, infer: inferBroadcast, emit: emitBinary(emission) }),
  ),
  select,
  addN,
  eluGrad,
];
