import type { KernelCall } from "../../trace/kernel-call.js";

/** The shape to which two shapes broadcast; undefined when they do not. */
export function broadcastShapes(a: readonly number[], b: readonly number[]): number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let axis = 1; axis <= rank; axis++) {
    const [left, right] = [a[a.length - axis] ?? 1, b[b.length - axis] ?? 1];
    if (left !== right && left !== 1 && right !== 1) return undefined;
    shape.unshift(left === 1 ? right : left);
  }
  return shape;
}

/** An axis counted from the front; refuses one outside the rank. */
export function wrapAxis(call: KernelCall, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) return call.fail(`axis ${axis} is outside rank ${rank}`);
  return axis < 0 ? axis + rank : axis;
}

/** The axes of a reduction attribute, sorted, counted from the front; none given means all. */
export function reductionAxes(call: KernelCall, attribute: string, rank: number): number[] {
  const value = call.raw(attribute);
  if (value === undefined || value === null) return [...Array(rank).keys()];
  return [...new Set(call.numbers(attribute).map((axis) => wrapAxis(call, axis, rank)))].sort((a, b) => a - b);
}
