import { pow } from "../../../solvers/math/elementary.js";

/** Inner boundaries, ascending, of about 2 count^(2/5) cells of equal probability (Mann & Wald 1942), five samples to a cell at least. */
export function lineCells(quantile: (u: number) => number, count: number): number[] {
  const cells = Math.max(2, Math.min(Math.floor(2 * pow(count, 0.4)), Math.floor(count / 5)));
  return Array.from({ length: cells - 1 }, (_, k) => quantile((k + 1) / cells));
}

/** How many ascending bounds lie below a value or at it: the number of its cell. */
export function cellOf(bounds: readonly number[], value: number): number {
  let count = 0;
  while (count < bounds.length && bounds[count]! <= value) count++;
  return count;
}
