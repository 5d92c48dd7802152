import type { Check } from "../verification/check.js";
import type { Curves, Ledger } from "../verification/checks/verifications.js";
import type { ResultHead } from "./result-head.js";

/** The content of `results.json` of `verify`. */
export interface VerifyResult extends ResultHead<"verify"> {
  /** 'exact', or what the given model predicts. */
  readonly score: string;
  readonly solvers: readonly string[];
  /** True when no check failed. */
  readonly passed: boolean;
  readonly checks: readonly Check[];
  /** Figures step by step. */
  readonly ledgers: readonly Ledger[];
  /** Lines over time, drawn in the report. */
  readonly curves: readonly Curves[];
}
