/** What one identity came to: a figure, the bound it must keep, and why the bound is what it is. */
export interface Check {
  /** Short, fixed name such as 'transport'. */
  readonly name: string;
  /** Number of the statement it shows (see `STATEMENTS`); null where it belongs to none. */
  readonly statement: number | null;
  /** What must hold. */
  readonly claim: string;
  /** What was measured; null when skipped. */
  readonly figure: number | null;
  /** Null when skipped, and for figures that are reported without a bound. */
  readonly tolerance: number | null;
  /** Whether the figure must stay below the tolerance (errors) or above it (p-values). */
  readonly sense: "at-most" | "at-least";
  /** Why the tolerance is what it is; for a skipped check, why it was skipped; for a reported figure, why it has no bound. */
  readonly reason: string;
  readonly verdict: "pass" | "fail" | "skip" | "reported";
}

type CheckText = Pick<Check, "name" | "claim" | "reason"> & { readonly statement?: number };

/** A check that passes when figure ≤ tolerance; NaN fails. */
export function atMost(figure: number, tolerance: number, text: CheckText): Check {
  return judged(figure, tolerance, "at-most", figure <= tolerance, text);
}

/** A check that passes when figure ≥ tolerance; NaN fails. */
export function atLeast(figure: number, tolerance: number, text: CheckText): Check {
  return judged(figure, tolerance, "at-least", figure >= tolerance, text);
}

/** A check that does not apply; the reason says why. */
export function skipped(text: CheckText): Check {
  const { name, claim, reason, statement = null } = text;
  return { name, statement, claim, figure: null, tolerance: null, sense: "at-most", reason, verdict: "skip" };
}

/** A figure that has no bound which would hold for any model; the reason says why. */
export function reported(figure: number, text: CheckText): Check {
  const { name, claim, reason, statement = null } = text;
  return { name, statement, claim, figure, tolerance: null, sense: "at-most", reason, verdict: "reported" };
}

function judged(figure: number, tolerance: number, sense: Check["sense"], holds: boolean, text: CheckText): Check {
  const { name, claim, reason, statement = null } = text;
  return { name, statement, claim, figure, tolerance, sense, reason, verdict: holds ? "pass" : "fail" };
}

/** Whether no check failed. */
export function allHold(checks: readonly Check[]): boolean {
  return checks.every(({ verdict }) => verdict !== "fail");
}
