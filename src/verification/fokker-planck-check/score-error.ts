import { numberText } from "../../../solvers/number-text.js";
import { atMost, type Check, reported } from "../check.js";
import { scoreFunction } from "../fokker-planck/score-source.js";
import { perturbedAt } from "../laws/output-law.js";
import type { LearnedScore } from "../learned-score.js";
import { expectation, lineRule } from "../line-rule.js";
import type { SampledScoreError } from "../sampled-score-error.js";
import type { Subject } from "./subject.js";

/**
 * (d) The given score against ∇ log p_t: a learned one by the KL that its error may cost, one that is meant to be exact by the root mean
 * square of σ(s − ∇ log p_t) over p_t, the largest over the times. In the plane both are sampled.
 */
export async function scoreError(subject: Subject): Promise<Check> {
  const { sde, target, score, times, learned, modelTolerance, sampled } = subject;
  if (sampled !== null) return sampledScoreCheck(sampled, subject);
  if (learned !== null) return learnedScoreError(learned, modelTolerance);
  const given = scoreFunction(score, sde);
  let worst = 0;
  for (const t of times) {
    const rule = lineRule(perturbedAt(target, sde, t));
    const values = new Float64Array(rule.x.length);
    await given(rule.x, t, values);
    const sigma = sde.sigma(t);
    const square = expectation(rule, (_, i) => (values[i]! - rule.score[i]!) * (values[i]! - rule.score[i]!));
    worst = Math.max(worst, sigma * Math.sqrt(square));
  }
  return atMost(worst, 1e-10, {
    name: "score",
    claim: "the given score is ∇ log p_t (root mean square of σ(s − ∇ log p_t), largest over times)",
    reason: "rounding of the oracle",
  });
}

/** Below this the law is Gaussian but for what nobody would see, and two moments are all there is to know. */
const GAUSSIAN = 1e-3;

/** The KL that the error of a learned score may cost, against the tolerance or against the score of the best Gaussian. */
export function learnedScoreError(
  { kl, gaussianKl }: Pick<LearnedScore, "kl" | "gaussianKl">,
  modelTolerance?: number,
): Check {
  const text = {
    name: "score",
    claim: "½∫g² E|s_θ − ∇ log p_t|² dt, which bounds the KL of the reverse SDE's law to p_tMin (nats)",
  };
  if (modelTolerance !== undefined) {
    return atMost(kl, modelTolerance, { ...text, reason: "the tolerance given for the model" });
  }
  const best = `the same integral for the score of the Gaussian with the mean and variance of p_t is ${numberText(gaussianKl, 3)}`;
  if (gaussianKl < GAUSSIAN) {
    return reported(kl, { ...text, reason: `${best}: nothing to compare with - give a tolerance for the model` });
  }
  return atMost(kl, gaussianKl, { ...text, reason: `${best}: a model beyond it knows less than two moments` });
}

/** Standard errors that a difference may reach by chance. */
export const SPREAD = 4;

/** The error of a given score in any dimension, by sampling: as `scoreError`, and what chance may add. */
export function sampledScoreCheck(
  error: SampledScoreError,
  { modelTolerance, samples }: Pick<Subject, "modelTolerance" | "samples">,
): Check {
  const { kl, gaussianKl, difference, largest } = error;
  if (modelTolerance === 0) {
    return atMost(largest, 1e-10, {
      name: "score",
      claim: `the given score is ∇ log p_t (largest σ|s − ∇ log p_t| per root of the dimension on ${samples} samples at each of 24 times)`,
      reason: "rounding of the oracle",
    });
  }
  const check = learnedScoreError({ kl: kl.value, gaussianKl: gaussianKl.value }, modelTolerance);
  if (check.tolerance === null) return check;
  const spread = SPREAD * (modelTolerance === undefined ? difference : kl).standardError;
  const { name, claim, reason } = check;
  return atMost(kl.value, check.tolerance + spread, {
    name,
    claim,
    reason: `${reason}; ${SPREAD} standard errors of ${samples} samples, ${numberText(spread, 2)}`,
  });
}
