import { UsageError } from "../../solvers/errors.js";

/** A figure with its Monte-Carlo standard error over repeats. */
export interface Estimate {
  readonly value: number;
  /** 0 for a single repeat, which says nothing about its spread. */
  readonly standardError: number;
}

/**
 * The mean of independent repeats and its standard error s/√n, with s² the unbiased sample variance.
 *
 * @throws UsageError when `values` is empty or holds a number that is not finite
 */
export function estimate(values: ArrayLike<number>): Estimate {
  const count = values.length;
  if (count === 0)
    throw new UsageError("values: must hold at least one number, but got none - run at least one repeat");
  let sum = 0;
  for (let i = 0; i < count; i++) {
    if (!Number.isFinite(values[i]!))
      throw new UsageError(`values: must be finite, but got ${values[i]} at ${i} - leave failed repeats out`);
    sum += values[i]!;
  }
  const value = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (values[i]! - value) * (values[i]! - value);
  return { value, standardError: count > 1 ? Math.sqrt(squares / (count - 1) / count) : 0 };
}
