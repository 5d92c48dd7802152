import { UsageError } from "../../../solvers/errors.js";
import type { Model } from "../../../solvers/types.js";
import { exactScore } from "../../scores/exact-score.js";
import type { Sde } from "../../sdes/types.js";
import type { Target } from "../../targets/types.js";
import { hasExactLaw } from "../exact-law.js";
import { fokkerPlanck } from "../fokker-planck/fokker-planck.js";
import type { LearnedScore } from "../learned-score.js";
import { evenTimes } from "../probe-times.js";

/**
 * What is checked for belonging together. The last four are the same SDE and score as the first ones, unless one of the places where
 * they are used is wrong: that is what negative controls plant.
 */
export interface Subject {
  readonly sde: Sde;
  readonly target: Target;
  readonly score: Model;
  /** f and g of the forward equation. */
  readonly equation: Sde;
  /** The score in the drift of the probability flow. */
  readonly flowScore: Model;
  /** The score in the drift of the reverse SDE. */
  readonly reverseScore: Model;
  /** The solver of the forward equation. */
  readonly solve: typeof fokkerPlanck;
  /** Errors of a learned score; null for one that is meant to be exact. */
  readonly learned: LearnedScore | null;
  /** KL in nats that its error may cost; by default that of the best Gaussian. */
  readonly modelTolerance: number | undefined;
  /** tMin, …, tMax, equal steps of λ apart. */
  readonly times: Float64Array;
  readonly samples: number;
  readonly seed: number;
}

/** Parts that a negative control can change. */
export type SubjectPart = "equation" | "score" | "flowScore" | "reverseScore" | "solve";

/** What `checkSubject` is told. */
export interface SubjectOptions {
  readonly sde: Sde;
  readonly target: Target;
  /** The exact score of `target` when left out. */
  readonly model?: Model | undefined;
  readonly learned?: LearnedScore | null;
  readonly modelTolerance?: number | undefined;
  readonly samples: number;
  readonly seed: number;
  readonly solve?: typeof fokkerPlanck;
}

/** Intervals between the times of a check. */
const INTERVALS = 4;

/** @throws UsageError unless the SDE is linear, and target and model are one-dimensional with an exact law */
export function checkSubject(options: SubjectOptions): Subject {
  const { sde, target, model, learned = null, modelTolerance, samples, seed, solve = fokkerPlanck } = options;
  if (target.dimension !== 1 || !hasExactLaw(target)) {
    throw new UsageError(
      `target: the Fokker–Planck check needs a law on the line with a quantile function, but '${target.name}' has dimension ${target.dimension} - choose a 1-D target, such as trimodal`,
    );
  }
  const score = model ?? exactScore(target, sde);
  if (score.dimension !== 1) {
    throw new UsageError(`model: must have dimension 1, but got ${score.dimension} - check a model on the line`);
  }
  return {
    sde,
    target,
    score,
    equation: sde,
    flowScore: score,
    reverseScore: score,
    solve,
    learned,
    modelTolerance,
    times: evenTimes(sde, INTERVALS),
    samples,
    seed,
  };
}

/** The SDE on [tMin, sde.tMax]. */
export function endingAt(sde: Sde, tMin: number): Sde {
  return { ...sde, tMin };
}
