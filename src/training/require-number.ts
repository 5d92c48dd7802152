import { UsageError } from "../../solvers/errors.js";

/** @throws UsageError unless `value` is a whole number in [least, most] */
export function requireWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new UsageError(`${name}: must be a whole number in [${least}, ${most}], but got ${value}`);
}

/** @throws UsageError unless `value` is in [least, most] */
export function requireRange(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw new UsageError(`${name}: must be in [${least}, ${most}], but got ${value}`);
}
