import { kernels } from "../kernels/kernels.js";
import { exp, expm1 } from "./exponential.js";

/** Fewer numbers than this are quicker one by one. */
const FEW = 16;
/** Numbers that the kernel is given at once. */
const BLOCK = 4096;
const BYTES = 8;

/** out[i] = e^x[i] for i < count, the bits of `exp`; `out` may be `x`. */
export function expRows(x: Float64Array, count: number, out: Float64Array): void {
  rows(x, count, out, exp, "expRows", -708, 709);
}

/** out[i] = e^x[i] − 1 for i < count, the bits of `expm1`; `out` may be `x`. */
export function expm1Rows(x: Float64Array, count: number, out: Float64Array): void {
  rows(x, count, out, expm1, "expm1Rows", -38, 40);
}

function rows(
  x: Float64Array,
  count: number,
  out: Float64Array,
  twin: (x: number) => number,
  name: "expRows" | "expm1Rows",
  above: number,
  below: number,
): void {
  const kernel = count < FEW ? null : kernels();
  let isInside = true;
  for (let i = 0; i < count; i++) isInside = isInside && x[i]! > above && x[i]! < below;
  if (kernel === null || !isInside) {
    for (let i = 0; i < count; i++) out[i] = twin(x[i]!);
    return;
  }
  const { numbers } = kernel;
  for (let first = 0; first < count; first += BLOCK) {
    const length = Math.min(BLOCK, count - first);
    numbers.set(x.subarray(first, first + length));
    kernel[name](0, (length + 1) >> 1, BLOCK * BYTES);
    out.set(numbers.subarray(BLOCK, BLOCK + length), first);
  }
}
