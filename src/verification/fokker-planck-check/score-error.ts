import { atMost, type Check } from "../check.js";
import { scoreFunction } from "../fokker-planck/score-source.js";
import { perturbedAt } from "../laws/output-law.js";
import { expectation, lineRule } from "../line-rule.js";
import type { Subject } from "./subject.js";

/** (d) The given score against ∇ log p_t: the root mean square of σ(s − ∇ log p_t) over p_t, the largest over the times. */
export async function scoreError({ sde, target, score, times, modelTolerance }: Subject): Promise<Check> {
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
  return atMost(worst, modelTolerance + 1e-10, {
    name: "score",
    claim: "the given score is ∇ log p_t (root mean square of σ(s − ∇ log p_t), largest over times)",
    reason:
      modelTolerance > 0
        ? "the tolerance given for the model: an error of the noise prediction"
        : "rounding of the oracle",
  });
}
