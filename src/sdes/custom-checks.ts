import { UsageError } from "../../solvers/errors.js";
import { numberText } from "../../solvers/number-text.js";
import type { ParsedFormula } from "./formula-parser.js";

/** Refuses NaN and infinities that a formula gives at time t. */
export function requireFinite(value: number, what: string, t: number): void {
  if (!Number.isFinite(value)) throw refusal(`${what} must be finite`, "it", value, t);
}

/** The error for a formula that breaks a constraint at time t. */
export function refusal(constraint: string, symbol: string, value: number, t: number): UsageError {
  return new UsageError(
    `custom: ${constraint} on [tMin, tMax], but got ${symbol} = ${numberText(value)} at t = ${numberText(t)} - correct the formula, or leave that time out of the range.`,
  );
}

/** Refuses a diffusion formula that is negative or not finite at one of the times. */
export function requireDiffusion(diffusion: ParsedFormula, nodes: Float64Array): void {
  for (const t of nodes) {
    const g = diffusion.evaluate(t, 0);
    requireFinite(g, "the diffusion", t);
    if (g < 0) throw refusal("the diffusion must not be negative", "g", g, t);
  }
}
