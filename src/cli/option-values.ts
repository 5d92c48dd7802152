import { UsageError } from "../../solvers/errors.js";
import { splitSpecs } from "../../solvers/spec.js";

/** Text of an option. @throws UsageError */
export function text(name: string, value: unknown): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  throw new UsageError(`${name}: must be text, but got ${shown(value)} - leave it out for its default`);
}

/** One of the words allowed. @throws UsageError */
export function oneOf<T extends string>(name: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found !== undefined) return found;
  throw new UsageError(`${name}: must be ${allowed.join(" or ")}, but got ${JSON.stringify(value)}`);
}

/** A list of specs or names from text or an array. @throws UsageError when it is empty */
export function specList(name: string, value: unknown): string[] {
  const list = Array.isArray(value) ? value.map((one) => text(name, one)) : splitSpecs(text(name, value));
  if (list.length === 0)
    throw new UsageError(`${name}: must name at least one, but got ${shown(value)} - leave it out`);
  return list;
}

/** A list of numbers from '10,20,50' or an array. @throws UsageError naming the number that is wrong */
export function numberList(name: string, value: unknown, { integer = false } = {}): number[] {
  const parts = Array.isArray(value) ? value : typeof value === "number" ? [value] : text(name, value).split(",");
  return parts.map((part) => positiveNumber(name, part, { integer, example: integer ? "10,20,50" : "1e-2,1e-4" }));
}

/** A positive number from text. @throws UsageError */
export function positiveNumber(
  name: string,
  value: unknown,
  { integer = false, example }: { readonly integer?: boolean; readonly example?: string } = {},
): number {
  const number = readNumber(value);
  if (Number.isFinite(number) && number > 0 && (!integer || Number.isSafeInteger(number))) return number;
  throw refusal(
    name,
    value,
    integer ? "a whole number ≥ 1" : "a positive number",
    example ?? (integer ? "100" : "0.5"),
  );
}

/** A number ≥ 0 from text. @throws UsageError */
export function nonNegativeNumber(name: string, value: unknown): number {
  const number = readNumber(value);
  if (Number.isFinite(number) && number >= 0) return number;
  throw refusal(name, value, "a number ≥ 0", "0.5");
}

/** A whole number in [0, 2^53) from text. @throws UsageError */
export function wholeNumber(name: string, value: unknown, example = "0"): number {
  const number = readNumber(value);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw refusal(name, value, "a whole number in [0, 2^53)", example);
}

/** A seed. @throws UsageError */
export function seedOf(value: unknown): number {
  return wholeNumber("seed", value, "1");
}

function refusal(name: string, value: unknown, allowed: string, example: string): UsageError {
  const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return new UsageError(`${flag}: must be ${allowed}, but got ${shown(value)} - for example --${flag} ${example}`);
}

function readNumber(value: unknown): number {
  if (typeof value === "string" && value.trim() !== "") return Number(value);
  return typeof value === "number" ? value : Number.NaN;
}

/** A value as its giver wrote it. */
function shown(value: unknown): string {
  return typeof value === "string" && value.trim() !== "" ? value : (JSON.stringify(value) ?? String(value));
}
