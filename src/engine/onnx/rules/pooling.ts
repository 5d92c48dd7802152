import { TensorProto_DataType as DataType } from "onnx-buf";
import type { KernelCall } from "../../trace/kernel-call.js";
import type { Shaped } from "../../trace/trace.js";
import type { GraphWriter } from "../graph-writer.js";
import type { KernelRule } from "./kernel-rule.js";
import { type Axis, pair, windowGeometry } from "./window-geometry.js";

type Geometry = readonly [Axis, Axis];

function geometryOf(call: KernelCall, name: string): Geometry {
  if (call.rank(name) !== 4) call.fail("the images must have rank 4");
  return windowGeometry(call, [call.length(name, 1), call.length(name, 2)], pair(call, "filterSize"));
}

function pooledShape(call: KernelCall): Shaped {
  const [rows, columns] = geometryOf(call, "x");
  const [batch = 0, , , channels = 0] = call.input("x").shape;
  return { shape: [batch, rows.output, columns.output, channels], dtype: "float32" };
}

function windowAttributes([rows, columns]: Geometry): Record<string, readonly number[]> {
  return {
    kernel_shape: [rows.size, columns.size],
    strides: [rows.stride, columns.stride],
    pads: [rows.before, columns.before, Math.max(0, rows.after), Math.max(0, columns.after)],
  };
}

/** Windows side by side that cover the images exactly. */
function tiles([rows, columns]: Geometry): boolean {
  return [rows, columns].every(({ size, stride, before, after }) => size === stride && before === 0 && after === 0);
}

/** Splits height and width into windows: [batch, rows, height, columns, width, channels]. */
function asTiles(graph: GraphWriter, call: KernelCall, name: string, [rows, columns]: Geometry): string {
  const lengths = (one: KernelCall): number[] => {
    const { shape } = one.input(name);
    return [shape[0]!, rows.output, rows.size, columns.output, columns.size, shape[3]!];
  };
  return graph.op("Reshape", [graph.input(call, name), graph.shape(call, lengths)]);
}

/** Sums [batch, rows, height, columns, width, channels] over height and width: adding slices is several times faster than the runtime's reduction. */
export function sumTiles(graph: GraphWriter, tiles: string, [height, width]: readonly [number, number]): string {
  const along = (x: string, axis: number, count: number): string =>
    count === 1
      ? x
      : graph.op("Sum", graph.ops("Split", [x, graph.ints(Array<number>(count).fill(1))], { axis }, count));
  return graph.op("Squeeze", [along(along(tiles, 2, height), 4, width), graph.ints([2, 4])]);
}

/** How many pixels of the image each window covers. */
function windowCounts([rows, columns]: Geometry): Float32Array {
  const along = ({ input, size, stride, output, before }: Axis): number[] =>
    Array.from({ length: output }, (_, index) => {
      const first = index * stride - before;
      return Math.min(first + size, input) - Math.max(first, 0);
    });
  const widths = along(columns);
  return Float32Array.from(along(rows).flatMap((height) => widths.map((width) => height * width)));
}

function emitAverage(graph: GraphWriter, call: KernelCall): string {
  const geometry = geometryOf(call, "x");
  const [rows, columns] = geometry;
  if (tiles(geometry)) {
    const sums = sumTiles(graph, asTiles(graph, call, "x", geometry), [rows.size, columns.size]);
    return graph.op("Mul", [sums, graph.scalar(1 / (rows.size * columns.size))]);
  }
  const images = graph.op("Transpose", [graph.input(call, "x")], { perm: [0, 3, 1, 2] });
  const pooled = graph.op("AveragePool", [images], { ...windowAttributes(geometry), count_include_pad: 0 });
  return graph.op("Transpose", [pooled], { perm: [0, 2, 3, 1] });
}

function emitAverageGradient(graph: GraphWriter, call: KernelCall): string {
  const geometry = geometryOf(call, "input");
  const [rows, columns] = geometry;
  const shape = (one: KernelCall): readonly number[] => one.input("input").shape;
  if (tiles(geometry)) {
    const share = graph.op("Mul", [graph.input(call, "dy"), graph.scalar(1 / (rows.size * columns.size))]);
    const apart = graph.op("Unsqueeze", [share, graph.ints([2, 4])]);
    const each = graph.op("Expand", [apart, graph.ints([1, 1, rows.size, 1, columns.size, 1])]);
    return graph.op("Reshape", [each, graph.shape(call, shape)]);
  }
  const counts = graph.constant(windowCounts(geometry), [1, rows.output, columns.output, 1], "float32");
  const share = graph.op("Transpose", [graph.op("Div", [graph.input(call, "dy"), counts])], { perm: [0, 3, 1, 2] });
  const planes = graph.op("Reshape", [share, graph.ints([-1, 1, rows.output, columns.output])]);
  const ones = graph.constant(
    new Float32Array(rows.size * columns.size).fill(1),
    [1, 1, rows.size, columns.size],
    "float32",
  );
  const summed = graph.op("ConvTranspose", [planes, ones], {
    ...windowAttributes(geometry),
    output_padding: [Math.max(0, -rows.after), Math.max(0, -columns.after)],
  });
  const channels = call.length("input", 3);
  const images = graph.op("Reshape", [
    summed,
    graph.shape(call, (one) => [shape(one)[0]!, channels, rows.input, columns.input]),
  ]);
  return graph.op("Transpose", [images], { perm: [0, 2, 3, 1] });
}

/** Each output's gradient goes to the pixel that was the maximum. */
function emitMaximumGradient(graph: GraphWriter, call: KernelCall): string {
  const geometry = geometryOf(call, "input");
  const images = graph.op("Transpose", [graph.input(call, "input")], { perm: [0, 3, 1, 2] });
  const [, places = ""] = graph.ops("MaxPool", [images], windowAttributes(geometry), 2);
  const dy = graph.op("Reshape", [
    graph.op("Transpose", [graph.input(call, "dy")], { perm: [0, 3, 1, 2] }),
    graph.ints([-1]),
  ]);
  const shape = graph.op("Shape", [images]);
  const zeros = graph.op("Expand", [graph.scalar(0), graph.op("ReduceProd", [shape], { keepdims: 1 })]);
  const indices = graph.op("Cast", [graph.op("Reshape", [places, graph.ints([-1])])], { to: DataType.INT64 });
  const scattered = graph.op("ScatterElements", [zeros, indices, dy], { axis: 0, reduction: "add" });
  return graph.op("Transpose", [graph.op("Reshape", [scattered, shape])], { perm: [0, 2, 3, 1] });
}

/** Average and maximum pooling of channels-last images, and their gradients. */
export const poolingRules: readonly KernelRule[] = [
  { kernel: "AvgPool", infer: pooledShape, emit: emitAverage },
  {
    kernel: "AvgPoolGrad",
    infer: (call) => ({ shape: call.input("input").shape, dtype: "float32" }),
    emit: emitAverageGradient,
  },
  {
    kernel: "MaxPool",
    infer: pooledShape,
    emit: (graph, call) => {
      const images = graph.op("Transpose", [graph.input(call, "x")], { perm: [0, 3, 1, 2] });
      return graph.op("Transpose", [graph.op("MaxPool", [images], windowAttributes(geometryOf(call, "x")))], {
        perm: [0, 2, 3, 1],
      });
    },
  },
  {
    kernel: "MaxPoolGrad",
    infer: (call) => ({ shape: call.input("input").shape, dtype: "float32" }),
    emit: emitMaximumGradient,
  },
];
