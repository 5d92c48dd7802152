import { nearestSource } from "../../eager/resize-nearest-gradient.js";
import type { KernelCall } from "../../trace/kernel-call.js";
import type { GraphWriter } from "../graph-writer.js";
import type { KernelRule } from "./kernel-rule.js";
import { sumTiles } from "./pooling.js";

interface Resize {
  readonly small: readonly [number, number];
  readonly large: readonly [number, number];
  readonly align: boolean;
  readonly half: boolean;
}

/** Sizes before (`small`) and after (`large`) of the resizing, from the forward call or its gradient. */
function resizeOf(call: KernelCall): Resize {
  if (call.rank("images") !== 4) call.fail("the images must have rank 4");
  const small = [call.length("images", 1), call.length("images", 2)] as const;
  const [height = 0, width = 0] = call.has("dy") ? [call.length("dy", 1), call.length("dy", 2)] : call.numbers("size");
  return { small, large: [height, width], align: call.flag("alignCorners"), half: call.flag("halfPixelCenters") };
}

/** The matrix [large, small] that resizes one axis. */
function weights(call: KernelCall, axis: 0 | 1): { readonly values: Float32Array; readonly shape: [number, number] } {
  const { small, large, align, half } = resizeOf(call);
  const [inputs, outputs] = [small[axis], large[axis]];
  const values = new Float32Array(inputs * outputs);
  if (call.kernel.startsWith("ResizeNearest")) {
    for (const [row, column] of nearestSource(outputs, inputs, align, half).entries())
      values[row * inputs + column] = 1;
  } else {
    const scale = align && outputs > 1 ? (inputs - 1) / (outputs - 1) : inputs / outputs;
    for (let row = 0; row < outputs; row++) {
      const at = half ? scale * (row + 0.5) - 0.5 : scale * row;
      const below = Math.max(0, Math.floor(at));
      const above = Math.max(0, Math.min(inputs - 1, Math.ceil(at)));
      const share = at - below;
      values[row * inputs + below]! += 1 - share;
      values[row * inputs + above]! += share;
    }
  }
  return { values, shape: [outputs, inputs] };
}

/** Enlarging by whole numbers copies each pixel into a block. */
function blocks(call: KernelCall): readonly [number, number] | undefined {
  const { small, large, align, half } = resizeOf(call);
  const factors = [large[0] / small[0], large[1] / small[1]] as const;
  const whole = call.kernel.startsWith("ResizeNearest") && !align && !half && factors.every(Number.isInteger);
  return whole ? factors : undefined;
}

/** Multiplies rows, then columns, of channels-last images by a matrix [outputs, inputs] each. */
function resizeBy(
  graph: GraphWriter,
  call: KernelCall,
  name: string,
  matrices: readonly [string, string],
  sizes: readonly [number, number],
): string {
  const [width, channels] = [call.length(name, 2), call.length(name, 3)];
  const batch = (one: KernelCall): number => one.input(name).shape[0]!;
  const height = call.length(name, 1);
  const rows = graph.op("Reshape", [
    graph.input(call, name),
    graph.shape(call, (one) => [batch(one), height, width * channels]),
  ]);
  const tall = graph.op("MatMul", [matrices[0], rows]);
  const columns = graph.op("Reshape", [tall, graph.shape(call, (one) => [batch(one) * sizes[0], width, channels])]);
  const wide = graph.op("MatMul", [matrices[1], columns]);
  return graph.op("Reshape", [wide, graph.shape(call, (one) => [batch(one), sizes[0], sizes[1], channels])]);
}

function emitResize(graph: GraphWriter, call: KernelCall): string {
  const { small, large } = resizeOf(call);
  const factors = blocks(call);
  const channels = call.length("images", 3);
  if (factors !== undefined) {
    const apart = graph.op("Unsqueeze", [graph.input(call, "images"), graph.ints([2, 4])]);
    const copies = graph.op("Expand", [apart, graph.ints([1, 1, factors[0], 1, factors[1], 1])]);
    return graph.op("Reshape", [
      copies,
      graph.shape(call, (one) => [
        one.input("images").shape[0]!,
        small[0] * factors[0],
        small[1] * factors[1],
        channels,
      ]),
    ]);
  }
  const [rows, columns] = [weights(call, 0), weights(call, 1)];
  const matrices = [
    graph.constant(rows.values, rows.shape, "float32"),
    graph.constant(columns.values, columns.shape, "float32"),
  ] as const;
  return resizeBy(graph, call, "images", matrices, large);
}

/** The transposed resizing. */
function emitResizeGradient(graph: GraphWriter, call: KernelCall): string {
  const { small } = resizeOf(call);
  const factors = blocks(call);
  const channels = call.length("dy", 3);
  if (factors !== undefined) {
    const lengths = (one: KernelCall): number[] => [
      one.input("dy").shape[0]!,
      small[0],
      factors[0],
      small[1],
      factors[1],
      channels,
    ];
    return sumTiles(graph, graph.op("Reshape", [graph.input(call, "dy"), graph.shape(call, lengths)]), factors);
  }
  const transposed = (axis: 0 | 1): string => {
    const { values, shape } = weights(call, axis);
    return graph.op("Transpose", [graph.constant(values, shape, "float32")], { perm: [1, 0] });
  };
  return resizeBy(graph, call, "dy", [transposed(0), transposed(1)], small);
}

const gradient = (kernel: string): KernelRule => ({
  kernel,
  infer: (call) => ({ shape: call.input("images").shape, dtype: "float32" }),
  emit: emitResizeGradient,
});

const forward = (kernel: string): KernelRule => ({
  kernel,
  infer: (call) => {
    const { large } = resizeOf(call);
    const [batch = 0, , , channels = 0] = call.input("images").shape;
    return { shape: [batch, large[0], large[1], channels], dtype: "float32" };
  },
  emit: emitResize,
});

/** Nearest-neighbour and bilinear resizing of channels-last images, and their gradients. */
export const resizingRules: readonly KernelRule[] = [
  forward("ResizeNearestNeighbor"),
  gradient("ResizeNearestNeighborGrad"),
  forward("ResizeBilinear"),
  gradient("ResizeBilinearGrad"),
];
