import type { KernelCall } from "../../trace/kernel-call.js";
import type { GraphWriter } from "../graph-writer.js";
import type { KernelRule } from "./kernel-rule.js";
import { emitActivation } from "./matrix-products.js";
import { type Axis, pair, windowGeometry } from "./window-geometry.js";

type Geometry = readonly [Axis, Axis];

const toChannelsFirst = [0, 3, 1, 2];
const toChannelsLast = [0, 2, 3, 1];

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

/** Images with `before` and `after` rows and columns of zeros; negative numbers crop. */
function padImages(
  graph: GraphWriter,
  x: string,
  rows: readonly [number, number],
  columns: readonly [number, number],
): string {
  if ([...rows, ...columns].every((length) => length === 0)) return x;
  return graph.op("Pad", [x, graph.ints([0, rows[0], columns[0], 0, 0, rows[1], columns[1], 0]), graph.scalar(0)]);
}

/** For every output pixel the window under the filter: [batch, height, width, taps·channels], taps row by row. */
function patches(graph: GraphWriter, x: string, [rows, columns]: Geometry): string {
  const padded = padImages(graph, x, [rows.before, rows.after], [columns.before, columns.after]);
  const taps: string[] = [];
  for (let row = 0; row < rows.size; row++) {
    for (let column = 0; column < columns.size; column++) {
      const [top, left] = [row * rows.dilation, column * columns.dilation];
      const ends = [top + (rows.output - 1) * rows.stride + 1, left + (columns.output - 1) * columns.stride + 1];
      const whole = rows.size * columns.size === 1 && rows.stride * columns.stride === 1;
      taps.push(
        whole
          ? padded
          : graph.op("Slice", [
              padded,
              graph.ints([top, left]),
              graph.ints(ends),
              graph.ints([1, 2]),
              graph.ints([rows.stride, columns.stride]),
            ]),
      );
    }
  }
  return taps.length === 1 ? taps[0]! : graph.op("Concat", taps, { axis: 3 });
}

function emitConvolution(graph: GraphWriter, call: KernelCall): string {
  const geometry = geometryOf(call);
  const [rows, columns] = geometry;
  const [x, filter] = [graph.input(call, "x"), graph.input(call, "filter")];
  const [inputs, outputs] = [call.length("filter", 2), call.length("filter", 3)];
  const pointwise = rows.size * columns.size === 1 && rows.before + rows.after + columns.before + columns.after === 0;
  // A 1×1 filter is a matrix product; in float64 the runtime has no convolution of its own.
  if (pointwise || graph.double) {
    return graph.op("MatMul", [
      patches(graph, x, geometry),
      graph.op("Reshape", [filter, graph.ints([rows.size * columns.size * inputs, outputs])]),
    ]);
  }
  const images = graph.op("Transpose", [padNegative(graph, x, geometry)], { perm: toChannelsFirst });
  const weights = graph.op("Transpose", [filter], { perm: [3, 2, 0, 1] });
  const result = graph.op("Conv", [images, weights], {
    kernel_shape: [rows.size, columns.size],
    strides: [rows.stride, columns.stride],
    dilations: [rows.dilation, columns.dilation],
    pads: [rows.before, columns.before, Math.max(0, rows.after), Math.max(0, columns.after)],
  });
  return graph.op("Transpose", [result], { perm: toChannelsLast });
}

/** The runtime refuses negative paddings: crops what the window never reaches. */
function padNegative(graph: GraphWriter, x: string, [rows, columns]: Geometry): string {
  return padImages(graph, x, [0, Math.min(0, rows.after)], [0, Math.min(0, columns.after)]);
}

/** dx[p] = Σ over taps of dy at the pixels that saw p: a convolution of dy, spread apart by the stride, with the flipped filter. */
function emitInputGradient(graph: GraphWriter, call: KernelCall): string {
  const geometry = inputGradientGeometry(call);
  const [rows, columns] = geometry;
  const [dy, filter] = [graph.input(call, "dy"), graph.input(call, "filter")];
  const [inputs, outputs] = [call.length("filter", 2), call.length("filter", 3)];
  if (
    rows.size * columns.size === 1 &&
    rows.stride * columns.stride === 1 &&
    rows.before + rows.after + columns.before + columns.after === 0
  ) {
    return graph.op("MatMul", [
      dy,
      graph.op("Transpose", [graph.op("Reshape", [filter, graph.ints([inputs, outputs])])], { perm: [1, 0] }),
    ]);
  }
  if (graph.double) return inputGradientByPatches(graph, call, dy, filter, geometry);
  const images = graph.op("Transpose", [dy], { perm: toChannelsFirst });
  const weights = graph.op("Transpose", [filter], { perm: [3, 2, 0, 1] });
  const result = graph.op("ConvTranspose", [images, weights], {
    kernel_shape: [rows.size, columns.size],
    strides: [rows.stride, columns.stride],
    pads: [rows.before, columns.before, Math.max(0, rows.after), Math.max(0, columns.after)],
    output_padding: [Math.max(0, -rows.after), Math.max(0, -columns.after)],
  });
  return graph.op("Transpose", [result], { perm: toChannelsLast });
}

function inputGradientByPatches(
  graph: GraphWriter,
  call: KernelCall,
  dy: string,
  filter: string,
  [rows, columns]: Geometry,
): string {
  const [inputs, outputs] = [call.length("filter", 2), call.length("filter", 3)];
  const spread = spreadApart(graph, call, dy, [rows, columns], outputs);
  const flipped = graph.op("Slice", [
    filter,
    graph.ints([-1, -1]),
    graph.ints([-(2 ** 31), -(2 ** 31)]),
    graph.ints([0, 1]),
    graph.ints([-1, -1]),
  ]);
  const weights = graph.op("Reshape", [
    graph.op("Transpose", [flipped], { perm: [0, 1, 3, 2] }),
    graph.ints([rows.size * columns.size * outputs, inputs]),
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
  return graph.op("MatMul", [patches(graph, spread, [sliding(rows), sliding(columns)]), weights]);
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

/** dW = (patches of x)ᵀ dy: one product over all pixels. */
function emitFilterGradient(graph: GraphWriter, call: KernelCall): string {
  const geometry = filterGradientGeometry(call);
  const [height = 0, width = 0, inputs = 0, outputs = 0] = call.numbers("filterShape");
  const windows = graph.op("Reshape", [
    patches(graph, graph.input(call, "x"), geometry),
    graph.ints([-1, height * width * inputs]),
  ]);
  const flatDy = graph.op("Reshape", [graph.input(call, "dy"), graph.ints([-1, outputs])]);
  return graph.op("Reshape", [
    graph.op("Gemm", [windows, flatDy], { transA: 1 }),
    graph.ints([height, width, inputs, outputs]),
  ]);
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
