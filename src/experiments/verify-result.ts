import type { Check } from "../verification/check.js";
import type { Curves, Ledger } from "../verification/checks/verifications.js";
import type { Stamp } from "./compare-result.js";

/** The content of `results.json` of `verify`. */
export interface VerifyResult {
  readonly schema: "score-sde/verify@1";
  readonly stamp: Stamp;
  readonly sde: { readonly name: string; readonly options: Readonly<Record<string, unknown>> };
  readonly target: {
    readonly name: string;
    readonly dimension: number;
    readonly options: Readonly<Record<string, unknown>>;
  };
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
