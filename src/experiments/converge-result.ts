import type { ConvergenceKind, ErrorPoint } from "../verification/convergence/error-sequence.js";
import type { OrderJudgement, OrderVerdict } from "../verification/convergence/judge-order.js";
import type { ResultHead } from "./result-head.js";

/** The order of one solver: what it declares, every ratio measured, and the certificate or why there is none. */
export interface ConvergeRow {
  readonly solver: string;
  /** Those that differ from the solver's defaults. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly stochastic: boolean;
  readonly verdict: OrderVerdict | "not measured";
  /** "certified 2, measured 1.98–2.02 on …" or "order 2 not certified: why". */
  readonly statement: string;
  /** Null when nothing was measured. */
  readonly kind: ConvergenceKind | null;
  readonly distance: "W1" | "W2" | "RMS" | null;
  readonly against: string | null;
  /** The order declared, of the law or along a path. */
  readonly expected: number;
  readonly band: number;
  readonly measured: readonly [number, number] | null;
  readonly range: readonly [number, number] | null;
  readonly points: readonly ErrorPoint[];
  readonly ratios: OrderJudgement["ratios"];
}

/** The content of `results.json` of `converge`. */
export interface ConvergeResult extends ResultHead<"converge"> {
  readonly grid: string;
  readonly rows: readonly ConvergeRow[];
}
