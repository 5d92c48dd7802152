import { UsageError } from "../../solvers/errors.js";
import { numberText } from "../../solvers/number-text.js";

/** @throws UsageError unless `value` is in [least, most] */
export function requireRange(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw new UsageError(`${name}: must be in [${numberText(least)}, ${numberText(most)}], but got ${numberText(value)}`);
}

/** @throws UsageError unless `value` is in [0, 1) */
export function requireBelowOne(name: string, value: number): void {
  if (value >= 0 && value < 1) return;
  throw new UsageError(`${name}: must be in [0, 1), but got ${numberText(value)}`);
}
