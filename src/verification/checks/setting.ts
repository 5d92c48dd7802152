import type { FixedSolver, Model } from "../../../solvers/types.js";
import type { Sde } from "../../sdes/types.js";
import type { Target } from "../../targets/types.js";
import type { Check } from "../check.js";
import { hasExactLaw } from "../exact-law.js";
import type { fokkerPlanck } from "../fokker-planck/fokker-planck.js";
import { perturbedAt } from "../laws/output-law.js";
import type { LearnedScore } from "../learned-score.js";
import { evenRule, expectation, type LineRule, lineRule } from "../line-rule.js";

/** What every verification is given. */
export interface Setting {
  readonly sde: Sde;
  readonly target: Target;
  readonly model: Model;
  /** Whether the model was given, rather than made of the target. */
  readonly isGiven: boolean;
  /** Errors of a learned score on the line; null for a score that is meant to be exact. */
  readonly learned: LearnedScore | null;
  /** KL in nats that the error of the model may cost, 0 for a score that is meant to be exact; by default that of the best Gaussian. */
  readonly modelTolerance: number | undefined;
  readonly solvers: readonly FixedSolver[];
  readonly samples: number;
  readonly seed: number;
  /** The solver of the forward equation, for those who bring their own. */
  readonly solve?: typeof fokkerPlanck;
  readonly signal?: AbortSignal | undefined;
}

/** Rows of figures, step by step. */
export interface Ledger {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (number | string)[])[];
  readonly note: string;
}

/** Lines over one variable. */
export interface Curves {
  readonly name: string;
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly yScale?: "linear" | "log";
  readonly lines: readonly { readonly label: string; readonly x: readonly number[]; readonly y: readonly number[] }[];
}

/** What a verification found. */
export interface Finding {
  readonly checks: readonly Check[];
  readonly ledgers?: readonly Ledger[];
  readonly curves?: readonly Curves[];
}

/** One identity, or a few that share their work. */
export interface Verification {
  readonly name: string;
  readonly statements: readonly number[];
  /** True for those that integrate over the law, which takes a target on the line with a quantile function. */
  readonly needsLine: boolean;
  run(setting: Setting): Promise<Finding> | Finding;
}

/** Whether the target has dimension 1 and a law that integrals can be taken over. */
export function isOnLine({ target }: Pick<Setting, "target">): boolean {
  return target.dimension === 1 && hasExactLaw(target);
}

/** Quadrature over p_t. */
export function ruleAt({ target, sde }: Pick<Setting, "target" | "sde">, t: number, nodesPerWidth?: number): LineRule {
  return lineRule(perturbedAt(target, sde, t), nodesPerWidth);
}

/** Quadrature over p_t on nodes that are equally spaced. */
export function evenRuleAt(
  { target, sde }: Pick<Setting, "target" | "sde">,
  t: number,
  nodesPerWidth?: number,
  widestSpacing?: number,
): LineRule {
  return evenRule(perturbedAt(target, sde, t), nodesPerWidth, widestSpacing);
}

/** mmse(t) = E Var(x₀ | x_t) = (σ²/α²)(1 + σ² E s′) on the line. */
export function mmseOf({ sde }: Pick<Setting, "sde">, t: number, rule: LineRule): number {
  const ratio = sde.sigma(t) / sde.alpha(t);
  return ratio * ratio * unexplained(sde, t, rule);
}

/** 1 + σ² E s′ in [0, 1]: the mmse over that of no data at all, σ²/α². */
export function unexplained(sde: Setting["sde"], t: number, rule: LineRule): number {
  const sigma = sde.sigma(t);
  return expectation(rule, (_, i) => 1 + sigma * sigma * rule.scoreSlope[i]!);
}

/** Words for what a learned score adds to a tolerance. */
export function orLearned(learned: LearnedScore | null): string {
  return learned === null ? "" : "; what the measured error of the score explains (Cauchy–Schwarz)";
}
