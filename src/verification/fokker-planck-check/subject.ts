import { UsageError } from "../../../solvers/errors.js";
import type { Model } from "../../../solvers/types.js";
import { exactScore } from "../../scores/exact-score.js";
import type { Sde } from "../../sdes/types.js";
import type { Target } from "../../targets/types.js";
import { hasExactLaw } from "../exact-law.js";
import { fokkerPlanck } from "../fokker-planck/fokker-planck.js";
import { fokkerPlanck2d } from "../fokker-planck/fokker-planck-2d.js";
import type { LearnedScore } from "../learned-score.js";
import { evenTimes } from "../probe-times.js";
import type { SampledScoreError } from "../sampled-score-error.js";
import { FEWEST_SAMPLES } from "./plane-cells.js";

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
  /** The solver of the forward equation on the line, and in the plane. */
  readonly solve: typeof fokkerPlanck;
  readonly solvePlane: typeof fokkerPlanck2d;
  /** Bounds from the errors of a learned score; null for one that is meant to be exact. */
  readonly learned: Pick<LearnedScore, "kl" | "gaussianKl"> | null;
  /** The errors of a given score in the plane, measured on samples; null where none was given, and on the line. */
  readonly sampled: SampledScoreError | null;
  /** KL in nats that its error may cost; by default that of the best Gaussian. */
  readonly modelTolerance: number | undefined;
  /** tMin, …, tMax, equal steps of λ apart. */
  readonly times: Float64Array;
  readonly samples: number;
  readonly seed: number;
}

/** Parts that a negative control can change. */
export type SubjectPart = "equation" | "score" | "flowScore" | "reverseScore" | "solve" | "solvePlane";

/** What `checkSubject` is told. */
export interface SubjectOptions {
  readonly sde: Sde;
  readonly target: Target;
  /** The exact score of `target` when left out. */
  readonly model?: Model | undefined;
  readonly learned?: Pick<LearnedScore, "kl" | "gaussianKl"> | null;
  readonly sampled?: SampledScoreError | null;
  readonly modelTolerance?: number | undefined;
  readonly samples: number;
  readonly seed: number;
  readonly solve?: typeof fokkerPlanck;
  readonly solvePlane?: typeof fokkerPlanck2d;
}

/** Intervals between the times of a check. */
const INTERVALS = 4;

/**
 * @throws UsageError unless the SDE is linear, the target has an exact law and lies on the line, with a quantile function, or in the
 * plane, and the model has its dimension
 */
export function checkSubject(options: SubjectOptions): Subject {
  const { sde, target, model, learned = null, sampled = null, modelTolerance, samples, seed } = options;
  const { solve = fokkerPlanck, solvePlane = fokkerPlanck2d } = options;
  const { name, dimension } = target;
  if (dimension > 2) {
    throw new UsageError(
      `target: the Fokker–Planck check solves the equation on grids, which end at dimension 2, but '${name}' has dimension ${dimension} - choose a target on the line or in the plane, such as trimodal or two-moons, or use verify`,
    );
  }
  if (dimension === 1 && !hasExactLaw(target)) {
    throw new UsageError(
      `target: the Fokker–Planck check on the line needs a law with a quantile function, but '${name}' has none - choose another target, such as trimodal`,
    );
  }
  if (dimension === 2 && samples < FEWEST_SAMPLES) {
    throw new UsageError(
      `samples: must be at least ${FEWEST_SAMPLES} in the plane, five to each cell of a χ² test, but got ${samples} - draw more`,
    );
  }
  const score = model ?? exactScore(target, sde);
  if (score.dimension !== dimension) {
    throw new UsageError(
      `model: must have the dimension of '${name}', ${dimension}, but got ${score.dimension} - name the data it was trained on`,
    );
  }
  return {
    sde,
    target,
    score,
    equation: sde,
    flowScore: score,
    reverseScore: score,
    solve,
    solvePlane,
    learned,
    sampled,
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
