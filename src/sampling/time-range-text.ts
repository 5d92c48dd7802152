import { numberText } from "../../solvers/number-text.js";

/** "t = a", or "t from a to b", for the times of the rows of a batch. */
export function timeRangeText(times: ArrayLike<number>): string {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < times.length; i++) {
    least = Math.min(least, times[i]!);
    most = Math.max(most, times[i]!);
  }
  return least === most ? `t = ${numberText(least)}` : `t from ${numberText(least)} to ${numberText(most)}`;
}
