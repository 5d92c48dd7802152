import { exp, expm1 } from "./exponential";

/** out = e^x for `pairs` × 2 numbers. */
export function expRows(x: usize, pairs: usize, out: usize): void {
  for (let i: usize = 0; i < pairs << 4; i += 16) v128.store(out + i, exp(v128.load(x + i)));
}

/** out = e^x − 1 for `pairs` × 2 numbers. */
export function expm1Rows(x: usize, pairs: usize, out: usize): void {
  for (let i: usize = 0; i < pairs << 4; i += 16) v128.store(out + i, expm1(v128.load(x + i)));
}
