import type { Check } from "./check.js";

/** A mistake, planted to see whether it is noticed. */
export interface Control<S> {
  readonly name: string;
  /** What is wrong. */
  readonly mistake: string;
  readonly plant: (subject: S) => S;
}

/** What became of a control. */
export interface ControlResult {
  readonly name: string;
  readonly mistake: string;
  readonly caught: boolean;
  /** False where what was made wrong is what it was, to rounding: on this problem there is nothing to catch. */
  readonly changes: boolean;
  /** The first check that failed. */
  readonly by: Check | null;
}

/** The controls that changed something and were not caught. */
export function missedControls<R extends Pick<ControlResult, "caught" | "changes">>(controls: readonly R[]): R[] {
  return controls.filter(({ caught, changes }) => changes && !caught);
}
