import { UsageError } from "../../solvers/errors.js";
import type { OnnxValues } from "../engine/index.js";
import type { OnnxOutput } from "./onnx-signature.js";

/**
 * The prediction for `rows` samples of that shape in an output of a graph: all of it, or its first channels.
 *
 * @throws UsageError for an output of other lengths
 */
export function readOutput(
  path: string,
  { name, first }: OnnxOutput,
  { values, shape }: OnnxValues,
  rows: number,
  sample: readonly number[],
): ArrayLike<number> {
  const wanted = [rows, ...sample];
  const count = product(wanted);
  if (first === undefined && values.length === count) return values;
  const longer = wanted.flatMap((length, axis) => (shape[axis] === length ? [] : [axis]));
  const [axis = 0] = longer;
  const isOneAxis = shape.length === wanted.length && longer.length === 1 && axis > 0;
  if (first === undefined || !isOneAxis || first !== wanted[axis] || shape[axis]! < first) {
    const half = isOneAxis && shape[axis] === 2 * wanted[axis]! ? wanted[axis] : undefined;
    throw new UsageError(
      `${path}: output '${name}' must have the shape of x, [${wanted.join(", ")}], but got [${shape.join(", ")}] - ${
        half === undefined
          ? "name the right output (--output)"
          : `if a learned variance follows, take its first half by output '${name}[:${half}]' (--output '${name}[:${half}]')`
      }`,
    );
  }
  const inner = product(wanted.slice(axis + 1));
  const [kept, step] = [first * inner, shape[axis]! * inner];
  const out = new Float64Array(count);
  for (let from = 0, to = 0; to < count; from += step, to += kept) {
    for (let k = 0; k < kept; k++) out[to + k] = values[from + k]!;
  }
  return out;
}

function product(lengths: readonly number[]): number {
  return lengths.reduce((total, length) => total * length, 1);
}
