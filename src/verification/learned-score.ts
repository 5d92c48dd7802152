import { UsageError } from "../../solvers/errors.js";
import { gaussLegendre } from "../../solvers/math/gauss-legendre.js";
import type { Model } from "../../solvers/types.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import { hasExactLaw } from "./exact-law.js";
import { scoreFunction } from "./fokker-planck/score-source.js";
import { perturbedAt } from "./laws/output-law.js";
import { expectation, lineRule, negentropy } from "./line-rule.js";

/** How far a learned score on the line is from ∇ log p_t, and what that costs in continuous time. */
export interface LearnedScore {
  /** √E|s_θ − ∇ log p_t|² under p_t. */
  error(t: number): Promise<number>;
  /**
   * ½ ∫ g² E|s_θ − ∇ log p_t|² dt in nats: by Girsanov's theorem KL(p_tMin ‖ law) of the reverse SDE driven by s_θ from p_tMax is at most
   * this.
   */
  readonly kl: number;
  /** The same integral for the score of the Gaussian that has the mean and variance of p_t. */
  readonly gaussianKl: number;
}

/** What a model is held to. */
export interface ModelClaim {
  /** The exact score of the target when left out. */
  readonly model?: Model | undefined;
  /**
   * KL in nats that the error of the model may cost; 0 for a score that is meant to be exact. By default what the score of the Gaussian
   * with the mean and variance of p_t costs: a model beyond it knows less than two moments.
   */
  readonly modelTolerance?: number | undefined;
}

/** The errors of a model that is not meant to be exact, on a target on the line; null otherwise. */
export async function learnedFrom(
  { model, modelTolerance }: ModelClaim,
  sde: Sde,
  target: Target,
): Promise<LearnedScore | null> {
  if (model === undefined) return null;
  if (model.dimension !== target.dimension) {
    throw new UsageError(
      `model: must have the dimension of '${target.name}', ${target.dimension}, but got ${model.dimension} - name the data it was trained on`,
    );
  }
  const isOnLine = target.dimension === 1 && hasExactLaw(target);
  return modelTolerance === 0 || !isOnLine ? null : learnedScore(model, sde, target);
}

/** Nodes in λ of the integral over time. */
const NODES = 64;

/**
 * Measures a learned score by quadrature over p_t.
 *
 * Source: Song, Durkan, Murray & Ermon 2021 (arXiv 2101.09258) theorem 1.
 */
export async function learnedScore(model: Model, sde: Sde, target: Target): Promise<LearnedScore> {
  const score = scoreFunction(model, sde);
  const known = new Map<number, number>();
  const error = async (t: number) => {
    const before = known.get(t);
    if (before !== undefined) return before;
    const rule = lineRule(perturbedAt(target, sde, t));
    const values = new Float64Array(rule.x.length);
    await score(rule.x, t, values);
    const square = expectation(rule, (_, i) => (values[i]! - rule.score[i]!) * (values[i]! - rule.score[i]!));
    known.set(t, Math.sqrt(square));
    return Math.sqrt(square);
  };
  // ½g² dt = −σ² dλ.
  const { nodes, weights } = gaussLegendre(NODES);
  const [low, high] = [sde.logSnr(sde.tMax), sde.logSnr(sde.tMin)];
  let kl = 0;
  for (let k = 0; k < NODES; k++) {
    const t = sde.timeAtLogSnr(low + (high - low) * 0.5 * (1 + nodes[k]!));
    const rate = sde.sigma(t) * (await error(t));
    kl += 0.5 * (high - low) * weights[k]! * rate * rate;
  }
  const shape = (t: number) => negentropy(lineRule(perturbedAt(target, sde, t)));
  return { error, kl, gaussianKl: Math.max(0, shape(sde.tMin) - shape(sde.tMax)) };
}

/** Bound on KL(p_tMin ‖ law), nats, for drift f − ½(1 + η²)g²s_θ with noise ηg from p_tMax. */
export function generatedKl({ kl }: Pick<LearnedScore, "kl">, eta: number): number {
  const share = (1 + eta * eta) / (2 * eta);
  return share * share * kl;
}

/** Bound on the L1 distance of two densities by Pinsker's inequality. */
export function pinsker(kl: number): number {
  return Math.sqrt(2 * kl);
}
