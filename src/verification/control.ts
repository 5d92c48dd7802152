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
  /** The first check that failed. */
  readonly by: Check | null;
}
