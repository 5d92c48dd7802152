import { UsageError } from "../../solvers/errors.js";

/** A whole number in [0, 2^53) from text. @throws UsageError */
export function wholeNumber(name: string, value: unknown): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "number" && Number.isSafeInteger(number) && number >= 0) return number;
  throw new UsageError(
    `${name}: must be a whole number in [0, 2^53), but got ${JSON.stringify(value)} - for example 0`,
  );
}

/** One of the words allowed. @throws UsageError */
export function oneOf<T extends string>(name: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found !== undefined) return found;
  throw new UsageError(`${name}: must be ${allowed.join(" or ")}, but got ${JSON.stringify(value)}`);
}
