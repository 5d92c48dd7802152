import type { Model } from "../../solvers/types.js";
import { type LikelihoodResult, logLikelihood } from "../sampling/log-likelihood.js";
import type { Sde } from "../sdes/types.js";
import { gaussian } from "../targets/gaussian.js";
import type { Target } from "../targets/types.js";
import { perturbedAt } from "./laws/output-law.js";

/** What a flow makes of two laws at tMax. */
export interface FlowDensity extends LikelihoodResult {
  /** log of the density at tMin that the flow makes of p_tMax, nats; `nats` is that of the prior. */
  readonly ofLaw: Float64Array;
}

/** Log-densities along the probability flow of a score, by the integral of its divergence; rk45 with one tolerance for all. */
export async function flowDensity({
  sde,
  target,
  model,
  points,
  tolerance,
  differenceStep,
}: {
  readonly sde: Sde;
  readonly target: Target;
  readonly model: Model;
  /** count × dimension, at sde.tMin. */
  readonly points: Float64Array;
  readonly tolerance: number;
  /** As in `logLikelihood`, for models that do not know their divergence. */
  readonly differenceStep?: number;
}): Promise<FlowDensity> {
  const { dimension } = target;
  const result = await logLikelihood({
    sde,
    model,
    points,
    rtol: tolerance,
    atol: tolerance,
    divergence: "exact",
    ...(differenceStep === undefined ? {} : { differenceStep }),
  });
  const count = points.length / dimension;
  const latents = result.latents.data;
  const [law, prior] = [new Float64Array(count), new Float64Array(count)];
  perturbedAt(target, sde, sde.tMax).logDensity(latents, count, law);
  gaussian({ mean: new Array(dimension).fill(0), standardDeviation: sde.priorStandardDeviation })
    .perturbed(1, 0)
    .logDensity(latents, count, prior);
  return { ...result, ofLaw: result.nats.map((value, k) => value - prior[k]! + law[k]!) };
}
