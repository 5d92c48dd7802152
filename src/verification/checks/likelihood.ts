import { exp } from "../../../solvers/math/elementary.js";
import { logLikelihood } from "../../sampling/log-likelihood.js";
import { gaussian } from "../../targets/gaussian.js";
import { atMost } from "../check.js";
import { perturbedAt } from "../laws/output-law.js";
import { orModel, ruleAt, type Verification } from "./setting.js";

/** The likelihood of the probability flow is a density, and the one the change of variables gives. */
export const likelihood: Verification = {
  name: "likelihood",
  statements: [8],
  needsLine: true,
  async run(setting) {
    const { sde, target, model, modelTolerance } = setting;
    const rule = ruleAt(setting, sde.tMin, 8);
    const kept = Array.from(rule.x.keys()).filter((i) => rule.weights[i]! > 1e-11);
    const points = Float64Array.from(kept, (i) => rule.x[i]!);
    const run = (tolerance: number) =>
      logLikelihood({ sde, model, points, rtol: tolerance, atol: tolerance, divergence: "exact" });
    const [rough, fine] = [await run(1e-4), await run(1e-6)];
    const spacing = rule.x[1]! - rule.x[0]!;
    const mass = (nats: Float64Array) => nats.reduce((sum, value) => sum + exp(value), 0) * spacing;
    const latents = fine.latents.data;
    const count = points.length;
    const [end, start, prior] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
    perturbedAt(target, sde, sde.tMin).logDensity(points, count, start);
    perturbedAt(target, sde, sde.tMax).logDensity(latents, count, end);
    gaussian({ mean: 0, standardDeviation: sde.priorStandardDeviation })
      .perturbed(1, 0)
      .logDensity(latents, count, prior);
    let [error, change] = [0, 0];
    kept.forEach((i, k) => {
      const weight = rule.weights[i]!;
      error += weight * Math.abs(fine.nats[k]! - (start[k]! + prior[k]! - end[k]!));
      change += weight * Math.abs(fine.nats[k]! - rough.nats[k]!);
    });
    const [roughMass, fineMass] = [mass(rough.nats), mass(fine.nats)];
    return {
      checks: [
        atMost(Math.abs(fineMass - 1), Math.abs(fineMass - roughMass) + 1e-5 + modelTolerance, {
          name: "likelihood-mass",
          statement: 8,
          claim: "the likelihood integrates to one (|∫ exp(log p) dx − 1|)",
          reason: `what tightening the tolerance from 1e-4 to 1e-6 changes, ten times the tolerance, and 1e-11 of tails${orModel(modelTolerance)}`,
        }),
        atMost(error, change + 1e-5 + modelTolerance, {
          name: "likelihood",
          statement: 8,
          claim: "log p = log p_tMin + log prior(x_T) − log p_tMax(x_T) along the flow (mean error, nats)",
          reason: `what tightening the tolerance from 1e-4 to 1e-6 changes, and ten times the tolerance${orModel(modelTolerance)}`,
        }),
      ],
    };
  },
};
