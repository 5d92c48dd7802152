import { UsageError } from "./errors.js";
import { numberText } from "./number-text.js";

/**
 * `value`, a whole number in [least, most]; `most` may be infinite.
 *
 * @throws UsageError, with the way out when one is given, for any other number
 */
export function requireWhole(name: string, value: number, least: number, most: number, wayOut = ""): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  const range = most === Number.POSITIVE_INFINITY ? `≥ ${least}` : `in [${least}, ${upperEnd(most)}`;
  const advice = wayOut === "" ? "" : ` - ${wayOut}`;
  throw new UsageError(`${name}: must be a whole number ${range}, but got ${numberText(value)}${advice}`);
}

/** "100]", and large powers of two as such: "2^32]", "2^53)" for 2^53 − 1. */
function upperEnd(most: number): string {
  for (let power = 30; power <= 53; power++) {
    if (most === 2 ** power) return `2^${power}]`;
    if (most === 2 ** power - 1) return `2^${power})`;
  }
  return `${most}]`;
}
