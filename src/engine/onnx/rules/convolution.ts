import type { KernelCall } from "../../trace/kernel-call.js";
import type { GraphWriter } from "../graph-writer.js";
import { convolve, type Geometry, taps } from "./convolve.js";
import type { KernelRule } from "./kernel-rule.js";
import { emitActivation } from "./matrix-products.js";
import { type Axis, pair, windowGeometry } from "./window-geometry.js";

function checkFormat(call: KernelCall): void {
  if (call.text("dataFormat", "NHWC") !== "NHWC") call.fail("only channels-last images are covered");
}

function geometryOf(call: KernelCall): Geometry {
  checkFormat(call);
  if (call.rank("x") !== 4) call.fail("the images must have rank 4");
  const sizes = [call.length("filter", 0), call.length("filter", 1)] as const;
  return windowGeometry(call, [call.length("x", 1), call.length("x", 2)], sizes, pair(call, "dilations"));
}

/** Geometry of the convolution whose input gradient this is. */
function inputGradientGeometry(call: KernelCall): Geometry {
  checkFormat(call);
  const [, height = 0, width = 0] = call.lengths((one) => one.numbers("inputShape"))[0]!;
  return windowGeometry(call, [height, width], [call.length("filter", 0), call.length("filter", 1)]);
}

function filterGradientGeometry(call: KernelCall): Geometry {
  checkFormat(call);
  const [height = 0, width = 0] = call.numbers("filterShape");
  return windowGeometry(call, [call.length("x", 1), call.length("x", 2)], [height, width]);
}

function emitConvolution(graph: GraphWriter, call: KernelCall): string {
  return convolve(graph, call, {
    images: graph.input(call, "x"),
    filter: graph.input(call, "filter"),
    fixedFilter: call.input("filter").constant !== undefined,
    inputs: call.length("filter", 2),
    outputs: call.length("filter", 3),
    geometry: geometryOf(call),
    batch: (one) => one.input("x").shape[0]!,
  });
}

/** dx[p] = Σ over taps of dy at the pixels that saw p: a convolution of dy, spread apart by the stride, with the flipped filter. */
function emitInputGradient(graph: GraphWriter, call: KernelCall): string {
  const geometry = inputGradientGeometry(call);
  const [rows, columns] = geometry;
  const [dy, filter] = [graph.input(call, "dy"), graph.input(call, "filter")];
  if (!graph.double && rows.stride * columns.stride > 1) return transposedConvolution(graph, dy, filter, geometry);
  const [inputs, outputs] = [call.length("filter", 2), call.length("filter", 3)];
  const flipped = graph.op("Slice", [
    filter,
    graph.ints([-1, -1]),
    graph.ints([-(2 ** 31), -(2 ** 31)]),
    graph.ints([0, 1]),
    graph.ints([-1, -1]),
  ]);
  const sliding = (axis: Axis): Axis => {
    const length = axis.output * axis.stride;
    const before = axis.size - 1 - axis.before;
    return {
      input: length,
      size: axis.size,
      stride: 1,
      dilation: 1,
      output: axis.input,
      before,
      after: axis.input + axis.size - 1 - before - length,
    };
  };
  return convolve(graph, call, {
    images: spreadApart(graph, call, dy, geometry, outputs),
    filter: graph.op("Transpose", [flipped], { perm: [0, 1, 3, 2] }),
    fixedFilter: call.input("filter").constant !== undefined,
    inputs: outputs,
    outputs: inputs,
    geometry: [sliding(rows), sliding(columns)],
    batch: (one) => one.input("dy").shape[0]!,
  });
}

function transposedConvolution(graph: GraphWriter, dy: string, filter: string, [rows, columns]: Geometry): string {
  const result = graph.op(
    "ConvTranspose",
    [graph.op("Transpose", [dy], { perm: [0, 3, 1, 2] }), graph.op("Transpose", [filter], { perm: [3, 2, 0, 1] })],
    {
      kernel_shape: [rows.size, columns.size],
      strides: [rows.stride, columns.stride],
      pads: [rows.before, columns.before, Math.max(0, rows.after), Math.max(0, columns.after)],
      output_padding: [Math.max(0, -rows.after), Math.max(0, -columns.after)],
    },
  );
  return graph.op("Transpose", [result], { perm: [0, 2, 3, 1] });
}

/** Zeros between neighbouring pixels, as many as the stride skips. */
function spreadApart(
  graph: GraphWriter,
  call: KernelCall,
  dy: string,
  [rows, columns]: Geometry,
  channels: number,
): string {
  if (rows.stride === 1 && columns.stride === 1) return dy;
  const batch = (one: KernelCall): number => one.input("dy").shape[0]!;
  const apart = graph.op("Reshape", [
    dy,
    graph.shape(call, (one) => [batch(one), rows.output, 1, columns.output, 1, channels]),
  ]);
  const padded = graph.op("Pad", [
    apart,
    graph.ints([0, 0, 0, 0, 0, 0, 0, 0, rows.stride - 1, 0, columns.stride - 1, 0]),
    graph.scalar(0),
  ]);
  return graph.op("Reshape", [
    padded,
    graph.shape(call, (one) => [batch(one), rows.output * rows.stride, columns.output * columns.stride, channels]),
  ]);
}

/**
 * dWᵀ of each tap = dyᵀ (images under it). The transpose of dy is written out once, channels first and then reshaped,
 * because the runtime would otherwise fuse it into every product, where it costs twice as much.
 */
function emitFilterGradient(graph: GraphWriter, call: KernelCall): string {
  const [height = 0, width = 0, inputs = 0, outputs = 0] = call.numbers("filterShape");
  const turned = graph.op("Reshape", [
    graph.op("Transpose", [graph.input(call, "dy")], { perm: [3, 0, 1, 2] }),
    graph.ints([outputs, -1]),
  ]);
  const views = taps(graph, graph.input(call, "x"), filterGradientGeometry(call), inputs);
  const products = views.map((view) => graph.op("MatMul", [turned, view]));
  const stacked = graph.op("Reshape", [
    graph.op("Concat", products, { axis: 0 }),
    graph.ints([height, width, outputs, inputs]),
  ]);
  return graph.op("Transpose", [stacked], { perm: [0, 1, 3, 2] });
}

/** Two-dimensional convolution of channels-last images, and its two gradients. */
export const convolutionRules: readonly KernelRule[] = [
  {
    kernel: "Conv2D",
    infer: (call) => {
      const [rows, columns] = geometryOf(call);
      if (call.length("x", 3) !== call.length("filter", 2))
        return call.fail("the filter's input channels differ from the images'");
      return {
        shape: [call.input("x").shape[0]!, rows.output, columns.output, call.length("filter", 3)],
        dtype: "float32",
      };
    },
    emit: emitConvolution,
  },
  {
    kernel: "FusedConv2D",
    infer: (call) => {
      const [rows, columns] = geometryOf(call);
      return {
        shape: [call.input("x").shape[0]!, rows.output, columns.output, call.length("filter", 3)],
        dtype: "float32",
      };
    },
    emit: (graph, call) => {
      const result = emitConvolution(graph, call);
      return emitActivation(
        graph,
        call,
        call.has("bias") ? graph.op("Add", [result, graph.input(call, "bias")]) : result,
      );
    },
  },
  {
    kernel: "Conv2DBackpropInput",
    infer: (call) => {
      const [rows, columns] = inputGradientGeometry(call);
      const dy = call.input("dy").shape;
      if (dy[1] !== rows.output || dy[2] !== columns.output)
        return call.fail("the gradient's shape does not belong to this convolution");
      return { shape: call.numbers("inputShape"), dtype: "float32" };
    },
    emit: emitInputGradient,
  },
  {
    kernel: "Conv2DBackpropFilter",
    infer: (call) => {
      const [rows, columns] = filterGradientGeometry(call);
      const dy = call.input("dy").shape;
      if (dy[1] !== rows.output || dy[2] !== columns.output)
        return call.fail("the gradient's shape does not belong to this convolution");
      return { shape: call.numbers("filterShape"), dtype: "float32" };
    },
    emit: emitFilterGradient,
  },
];
