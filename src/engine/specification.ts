import { suggestion, UsageError } from "../../solvers/errors.js";
import type { ParameterAccess, ParameterLayout, Tensor, TensorFlow, TensorSpec } from "./types.js";

/** Number of elements of a tensor of that shape; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Length of the flat vector that holds every parameter of `layout`. */
export function parameterCount(layout: ParameterLayout): number {
  return layout.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** Throws `UsageError` for a nameless or repeated tensor, or a shape that is not of non-negative integers. */
export function checkSpecs(what: string, specs: readonly TensorSpec[]): void {
  const seen = new Set<string>();
  for (const { name, shape } of specs) {
    if (name === "" || seen.has(name)) {
      throw new UsageError(
        `${what}: every tensor needs a name of its own, but got '${name}' ${name === "" ? "(empty)" : "twice"} - rename it`,
      );
    }
    seen.add(name);
    const bad = shape.find((length) => !Number.isInteger(length) || length < 0);
    if (bad !== undefined) {
      throw new UsageError(
        `${what} '${name}': shape must hold non-negative integers, but got [${shape.join(", ")}] - fix the length ${bad}`,
      );
    }
  }
}

/** Throws `UsageError` when the layout is unusable: names, shapes, or a parameter that is not float32. */
export function checkLayout(what: string, layout: ParameterLayout): void {
  checkSpecs(what, layout);
  for (const { name, dtype } of layout) {
    if (dtype !== undefined && dtype !== "float32") {
      throw new UsageError(`${what} '${name}': parameters are float32, but got ${dtype} - pass it as an input`);
    }
  }
}

/** The tensors of `layout` cut out of the flat vector, in the order of the layout. */
export function splitParameters(tf: TensorFlow, flat: Tensor, layout: ParameterLayout): Tensor[] {
  if (layout.length === 0) return [];
  if (layout.length === 1) return [tf.reshape(flat, [...layout[0]!.shape])];
  let offset = 0;
  return layout.map(({ shape }) => {
    const size = sizeOf(shape);
    const piece = tf.reshape(tf.slice(flat, [offset], [size]), [...shape]);
    offset += size;
    return piece;
  });
}

/** Looks tensors up by the names of their layout. */
export function parameterAccess(layout: ParameterLayout, tensors: readonly Tensor[]): ParameterAccess {
  const byName = new Map(layout.map(({ name }, index) => [name, tensors[index]!] as const));
  return (name) => {
    const tensor = byName.get(name);
    if (tensor === undefined) {
      throw new UsageError(`parameters: no parameter is called '${name}'.${suggestion(name, [...byName.keys()])}`);
    }
    return tensor;
  };
}
