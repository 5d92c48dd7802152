import { UsageError } from "../../solvers/errors.js";
import { numberText, valueText } from "../../solvers/number-text.js";

/** The value, when it is a number of any size. */
export function requireNumber(name: string, key: string, value: unknown): number {
  if (typeof value === "number") return value;
  throw new UsageError(`${name}: ${key} must be a number, but got ${valueText(value)} - write it as ${key}=0.5, say.`);
}

/** Refuses anything but finite numbers above zero; `wayOut` ends the message. */
export function requirePositive(name: string, values: Readonly<Record<string, unknown>>, wayOut: string): void {
  for (const [key, value] of Object.entries(values)) {
    if (typeof value !== "number" || !Number.isFinite(value) || value <= 0) {
      throw new UsageError(`${name}: ${key} must be a finite number above 0, but got ${valueText(value)} - ${wayOut}.`);
    }
  }
}

/** Refuses a range that is not finite, or not low ≤ high (`strict`: low < high). */
export function requireOrdered(
  name: string,
  [lowName, low]: readonly [string, number],
  [highName, high]: readonly [string, number],
  { strict = true, wayOut = "exchange or correct them" }: { strict?: boolean; wayOut?: string } = {},
): void {
  if (strict ? low < high : low <= high) return;
  throw new UsageError(
    `${name}: ${lowName} must be ${strict ? "below" : "at most"} ${highName}, but got ${lowName} = ${valueText(low)} and ${highName} = ${valueText(high)} - ${wayOut}.`,
  );
}

/** Refuses a time range outside 0 < tMin < tMax (< `before`, where given). */
export function requireTimeRange(name: string, tMin: number, tMax: number, before = Number.POSITIVE_INFINITY): void {
  requirePositive(name, { tMin, tMax }, "noise is zero at t = 0, so sampling ends at a small tMin such as 1e-3");
  requireOrdered(name, ["tMin", tMin], ["tMax", tMax]);
  if (!(tMax < before)) {
    throw new UsageError(
      `${name}: tMax must be below ${numberText(before)}, where the signal vanishes, but got ${numberText(tMax)} - stop a little earlier, at ${before - 0.001} say.`,
    );
  }
}

/** Refuses anything but finite numbers ≥ 0; `wayOut` ends the message. */
export function requireNonNegative(name: string, values: Readonly<Record<string, unknown>>, wayOut: string): void {
  for (const [key, value] of Object.entries(values)) {
    if (typeof value !== "number" || !Number.isFinite(value) || value < 0) {
      throw new UsageError(
        `${name}: ${key} must be a finite number, 0 or above, but got ${valueText(value)} - ${wayOut}.`,
      );
    }
  }
}
