import { UsageError } from "./errors.js";

/** @throws UsageError, with the way out when one is given, unless `value` is a whole number in [least, most] */
export function requireWhole(name: string, value: number, least: number, most: number, wayOut = ""): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const advice = wayOut === "" ? "" : ` - ${wayOut}`;
  throw new UsageError(`${name}: must be a whole number in [${least}, ${most}], but got ${value}${advice}`);
}
