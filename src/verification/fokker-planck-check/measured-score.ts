import type { Sde } from "../../sdes/types.js";
import type { Target } from "../../targets/types.js";
import { learnedFrom, type ModelClaim } from "../learned-score.js";
import { sampledScoreError } from "../sampled-score-error.js";
import { SPREAD } from "./score-error.js";
import type { Subject } from "./subject.js";

/** How far a given score is from ∇ log p_t: by quadrature on the line, by sampling in the plane, there with four standard errors on top. */
export async function measuredScore(
  claim: ModelClaim,
  {
    sde,
    target,
    samples,
    seed,
  }: { readonly sde: Sde; readonly target: Target; readonly samples: number; seed: number },
): Promise<Pick<Subject, "learned" | "sampled">> {
  const learned = await learnedFrom(claim, sde, target);
  const { model, modelTolerance } = claim;
  if (model === undefined || target.dimension === 1) return { learned, sampled: null };
  const sampled = await sampledScoreError({ model, sde, target }, { count: samples, seed });
  const { kl, gaussianKl } = sampled;
  const bound = { kl: kl.value + SPREAD * kl.standardError, gaussianKl: gaussianKl.value };
  return { learned: modelTolerance === 0 ? null : bound, sampled };
}
