import type { KernelCall } from "../../trace/kernel-call.js";
import type { GraphWriter } from "../graph-writer.js";
import type { KernelRule } from "./kernel-rule.js";
import { wrapAxis } from "./shapes.js";

interface Window {
  readonly begin: number;
  readonly size: number;
}

/** First index and length along every axis; attributes may name leading axes only, and -1 means "to the end". */
function windows(call: KernelCall): Window[] {
  const { shape } = call.input("x");
  const begins = call.numbers("begin");
  const sizes = call.raw("size") === undefined ? [] : call.numbers("size");
  return shape.map((length, axis) => {
    const begin = begins[axis] ?? 0;
    const size = sizes[axis] ?? -1;
    const taken = size < 0 ? length - begin : size;
    if (begin < 0 || taken < 0 || begin + taken > length)
      call.fail(`the slice from ${begin} of ${taken} leaves axis ${axis}`);
    return { begin, size: taken };
  });
}

/** Axes that are cut, in either trace: an axis kept whole needs no numbers. */
function cutAxes(call: KernelCall): number[] {
  const whole = call.lengths((one) =>
    windows(one).map(({ begin, size }, axis) => Number(begin === 0 && size === one.input("x").shape[axis])),
  );
  return [...Array(call.rank("x")).keys()].filter((axis) => whole.some((flags) => flags[axis] === 0));
}

/** Start, end and step along every axis of a strided slice without new or dropped axes. */
function strides(call: KernelCall): { begin: number; end: number; step: number; length: number }[] {
  for (const mask of ["ellipsisMask", "newAxisMask", "shrinkAxisMask"]) {
    if (call.number(mask, 0) !== 0) call.fail(`${mask} is not covered`);
  }
  const steps = call.numbers("strides");
  return call.input("x").shape.map((length, axis) => {
    const step = steps[axis] ?? 1;
    if (step <= 0) call.fail("only positive strides are covered");
    const wrap = (index: number): number => Math.max(0, Math.min(length, index < 0 ? index + length : index));
    const masked = (name: string): boolean => ((call.number(name, 0) >> axis) & 1) === 1;
    const begin = masked("beginMask") ? 0 : wrap(call.numbers("begin")[axis] ?? 0);
    const end = masked("endMask") ? length : wrap(call.numbers("end")[axis] ?? length);
    return { begin, end, step, length: Math.max(0, Math.ceil((end - begin) / step)) };
  });
}

function splitSizes(call: KernelCall): number[] {
  const axis = wrapAxis(call, call.number("axis"), call.rank("x"));
  const whole = call.input("x").shape[axis]!;
  const wanted = call.raw("numOrSizeSplits");
  if (typeof wanted === "number") return Array<number>(wanted).fill(whole / wanted);
  const sizes = [...call.numbers("numOrSizeSplits")];
  const open = sizes.indexOf(-1);
  if (open >= 0) sizes[open] = whole - sizes.reduce((sum, size) => sum + Math.max(0, size), 0);
  return sizes;
}

function unpacked(graph: GraphWriter, call: KernelCall): string[] {
  const axis = wrapAxis(call, call.number("axis"), call.rank("value"));
  const value = graph.input(call, "value");
  return [...Array(call.length("value", axis)).keys()].map((index) =>
    graph.op("Gather", [value, graph.constant([index], [], "int32")], { axis }),
  );
}

/** Kernels that take parts of a tensor. */
export const slicingRules: readonly KernelRule[] = [
  {
    kernel: "Slice",
    infer: (call) => ({ shape: windows(call).map(({ size }) => size), dtype: call.input("x").dtype }),
    emit: (graph, call) => {
      const axes = cutAxes(call);
      if (axes.length === 0) return graph.op("Identity", [graph.input(call, "x")]);
      const starts = graph.shape(call, (one) => axes.map((axis) => windows(one)[axis]!.begin));
      const ends = graph.shape(call, (one) => axes.map((axis) => windows(one)[axis]!.begin + windows(one)[axis]!.size));
      return graph.op("Slice", [graph.input(call, "x"), starts, ends, graph.ints(axes)]);
    },
  },
  {
    kernel: "StridedSlice",
    infer: (call) => ({ shape: strides(call).map(({ length }) => length), dtype: call.input("x").dtype }),
    emit: (graph, call) => {
      const axes = [...Array(call.rank("x")).keys()];
      return graph.op("Slice", [
        graph.input(call, "x"),
        graph.shape(call, (one) => strides(one).map(({ begin }) => begin)),
        graph.shape(call, (one) => strides(one).map(({ end }) => end)),
        graph.ints(axes),
        graph.ints(strides(call).map(({ step }) => step)),
      ]);
    },
  },
  {
    kernel: "SplitV",
    infer: (call) => {
      const { shape, dtype } = call.input("x");
      const axis = wrapAxis(call, call.number("axis"), shape.length);
      return splitSizes(call).map((size) => ({ shape: shape.with(axis, size), dtype }));
    },
    emit: (graph, call) => {
      const sizes = splitSizes(call);
      const axis = wrapAxis(call, call.number("axis"), call.rank("x"));
      return graph.ops("Split", [graph.input(call, "x"), graph.shape(call, splitSizes)], { axis }, sizes.length);
    },
  },
  {
    kernel: "Unpack",
    infer: (call) => {
      const { shape, dtype } = call.input("value");
      const axis = wrapAxis(call, call.number("axis"), shape.length);
      return Array.from({ length: shape[axis]! }, () => ({ shape: shape.toSpliced(axis, 1), dtype }));
    },
    emit: unpacked,
  },
];
