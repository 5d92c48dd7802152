import { mixture } from "../../targets/mixture.js";
import type { Check } from "../check.js";

/** A claim that is often read, and the counterexample that refutes it. */
export interface Misstatement {
  readonly name: string;
  readonly claim: string;
  /** What is true instead. */
  readonly truth: string;
  readonly refute: () => Promise<Check>;
}

/** Data on the line that are far from Gaussian. */
export const threeModes = mixture({
  weights: [0.3, 0.5, 0.2],
  means: [-2, 0.5, 2],
  standardDeviations: [0.3, 0.4, 0.25],
});
