import type { KernelCall } from "../../trace/kernel-call.js";
import type { Shaped, TraceType } from "../../trace/trace.js";
import type { GraphWriter } from "../graph-writer.js";
import type { KernelRule } from "./kernel-rule.js";

type Emission = (graph: GraphWriter, x: string, call: KernelCall) => string;

/** Kernels that are one ONNX operator of the same meaning. */
const direct: Readonly<Record<string, string>> = {
  Abs: "Abs",
  Acos: "Acos",
  Acosh: "Acosh",
  Asin: "Asin",
  Asinh: "Asinh",
  Atan: "Atan",
  Atanh: "Atanh",
  Ceil: "Ceil",
  Cosh: "Cosh",
  Elu: "Elu",
  Exp: "Exp",
  Floor: "Floor",
  IsNan: "IsNaN",
  Log: "Log",
  LogicalNot: "Not",
  Neg: "Neg",
  Reciprocal: "Reciprocal",
  Relu: "Relu",
  Round: "Round",
  Selu: "Selu",
  Sigmoid: "Sigmoid",
  Sign: "Sign",
  Sin: "Sin",
  Sinh: "Sinh",
  Softplus: "Softplus",
  Sqrt: "Sqrt",
  Tan: "Tan",
  Tanh: "Tanh",
};

const composed: Readonly<Record<string, Emission>> = {
  Erf: (graph, x) => (graph.double ? seriesErf(graph, x) : graph.op("Erf", [x])),
  // The runtime has no float64 cosine: cos x = sin(x + π/2).
  Cos: (graph, x) =>
    graph.double ? graph.op("Sin", [graph.op("Add", [x, graph.scalar(Math.PI / 2)])]) : graph.op("Cos", [x]),
  Square: (graph, x) => graph.op("Mul", [x, x]),
  Rsqrt: (graph, x) => graph.op("Reciprocal", [graph.op("Sqrt", [x])]),
  Relu6: (graph, x) => graph.op("Clip", [x, graph.scalar(0), graph.scalar(6)]),
  ClipByValue: (graph, x, call) =>
    graph.op("Clip", [x, graph.scalar(call.number("clipValueMin")), graph.scalar(call.number("clipValueMax"))]),
  LeakyRelu: (graph, x, call) => graph.op("LeakyRelu", [x], { alpha: { float: call.number("alpha", 0.2) } }),
  Step: (graph, x, call) =>
    graph.op("Where", [
      graph.op("Greater", [x, graph.scalar(0)]),
      graph.scalar(1),
      graph.scalar(call.number("alpha", 0)),
    ]),
  // exp(x) - 1 cancels near 0, where expm1 x = 2t/(1 - t) with t = tanh(x/2) does not.
  Expm1: (graph, x) => {
    const t = graph.op("Tanh", [graph.op("Mul", [x, graph.scalar(0.5)])]);
    const near = graph.op("Div", [graph.op("Add", [t, t]), graph.op("Sub", [graph.scalar(1), t])]);
    const far = graph.op("Sub", [graph.op("Exp", [x]), graph.scalar(1)]);
    return graph.op("Where", [graph.op("Less", [graph.op("Abs", [x]), graph.scalar(1)]), near, far]);
  },
  // log(1 + x) cancels near 0, where log1p x = log(u)·x/(u - 1) with u = 1 + x does not (Kahan).
  Log1p: (graph, x) => {
    const u = graph.op("Add", [x, graph.scalar(1)]);
    const excess = graph.op("Sub", [u, graph.scalar(1)]);
    const safe = graph.op("Where", [graph.op("Equal", [excess, graph.scalar(0)]), graph.scalar(1), excess]);
    const corrected = graph.op("Mul", [graph.op("Log", [u]), graph.op("Div", [x, safe])]);
    const near = graph.op("Where", [graph.op("Equal", [excess, graph.scalar(0)]), x, corrected]);
    return graph.op("Where", [graph.op("Less", [graph.op("Abs", [x]), graph.scalar(1)]), near, graph.op("Log", [u])]);
  },
  Identity: (graph, x) => graph.op("Identity", [x]),
  ZerosLike: (graph, _x, call) => filled(graph, call, 0),
  OnesLike: (graph, _x, call) => filled(graph, call, 1),
  IsInf: (graph, x) => graph.op("IsInf", [x]),
  IsFinite: (graph, x) => graph.op("Not", [graph.op("Or", [graph.op("IsInf", [x]), graph.op("IsNaN", [x])])]),
  Cast: (graph, x, call) => {
    const to = call.outputType();
    // Truncation towards zero is what both do for float → int32; bool is "not zero".
    return graph.op("Cast", [x], { to: graph.type(to) });
  },
};

/**
 * The runtime has no float64 erf: erf x = 2/√π · x·exp(-x²) · Σ (2x²)ⁿ/(2n + 1)!! (Abramowitz & Stegun 7.1.6), all terms positive.
 * Beyond |x| = 6 the function is ±1 to the last bit.
 */
function seriesErf(graph: GraphWriter, x: string): string {
  const clipped = graph.op("Clip", [x, graph.scalar(-6), graph.scalar(6)]);
  const square = graph.op("Mul", [clipped, clipped]);
  const one = graph.scalar(1);
  let sum = one;
  for (let n = 140; n >= 1; n--)
    sum = graph.op("Add", [one, graph.op("Mul", [graph.op("Mul", [square, graph.scalar(2 / (2 * n + 1))]), sum])]);
  const front = graph.op("Mul", [
    graph.op("Mul", [clipped, graph.scalar(2 / Math.sqrt(Math.PI))]),
    graph.op("Exp", [graph.op("Neg", [square])]),
  ]);
  return graph.op("Mul", [front, sum]);
}

const boolean = new Set(["IsNan", "IsInf", "IsFinite", "LogicalNot"]);

function outputOf(call: KernelCall): Shaped {
  const { shape, dtype } = call.input("x");
  if (call.kernel === "Cast") return { shape, dtype: castType(call) };
  return { shape, dtype: boolean.has(call.kernel) ? "bool" : dtype };
}

function castType(call: KernelCall): TraceType {
  const dtype = call.text("dtype");
  return dtype === "float32" || dtype === "int32" || dtype === "bool" ? dtype : call.fail(`cannot cast to '${dtype}'`);
}

function filled(graph: GraphWriter, call: KernelCall, value: number): string {
  return graph.op("Expand", [
    graph.constant([value], [], call.outputType()),
    graph.shape(call, (one) => one.input("x").shape),
  ]);
}

/** Functions of one tensor, element by element. */
export const unaryRules: readonly KernelRule[] = [
  ...Object.entries(direct).map(
    ([kernel, operator]): KernelRule => ({
      kernel,
      infer: outputOf,
      emit: (graph, call) => graph.op(operator, [graph.input(call, "x")]),
    }),
  ),
  ...Object.entries(composed).map(
    ([kernel, emission]): KernelRule => ({
      kernel,
      infer: outputOf,
      emit: (graph, call) => emission(graph, graph.input(call, "x"), call),
    }),
  ),
];
