import { exp } from "../../../solvers/math/elementary.js";
import { numberText } from "../../../solvers/number-text.js";
import { quantileLaw } from "../../metrics/quantile-law.js";
import { gaussian } from "../../targets/gaussian.js";
import { atMost, type Check, reported } from "../check.js";
import { flowDensity } from "../flow-density.js";
import { perturbedAt } from "../laws/output-law.js";
import { evenRuleAt, type Verification } from "./setting.js";

/** The likelihood of the probability flow is a density, and the one the change of variables gives. */
export const likelihood: Verification = {
  name: "likelihood",
  statements: [8],
  needsLine: true,
  async run(setting) {
    const { sde, target, model, learned } = setting;
    // Networks compute in float32, which no tight tolerance can follow.
    const [loose, tight, nodesPerWidth] = learned === null ? [1e-4, 1e-6, 8] : [1e-3, 1e-4, 4];
    const rule = evenRuleAt(setting, sde.tMin, nodesPerWidth);
    const kept = Array.from(rule.x.keys()).filter((i) => rule.weights[i]! > 1e-11);
    const points = Float64Array.from(kept, (i) => rule.x[i]!);
    const run = (tolerance: number) => flowDensity({ sde, target, model, points, tolerance });
    const [rough, fine] = [await run(loose), await run(tight)];
    const spacing = rule.x[1]! - rule.x[0]!;
    const latents = fine.latents.data;
    const count = points.length;
    const start = new Float64Array(count);
    perturbedAt(target, sde, sde.tMin).logDensity(points, count, start);
    let [error, change] = [0, 0];
    kept.forEach((i, k) => {
      const weight = rule.weights[i]!;
      error += weight * Math.abs(fine.ofLaw[k]! - start[k]!);
      change += weight * Math.abs(fine.nats[k]! - rough.nats[k]!);
    });
    // The flow of any score carries the mass between two places to that between their latents.
    const { cdf } = quantileLaw(gaussian({ mean: 0, standardDeviation: sde.priorStandardDeviation }).perturbed(1, 0));
    const inside = cdf(latents[count - 1]!) - cdf(latents[0]!);
    const [roughMass, fineMass] = [trapezoid(rough.nats, spacing), trapezoid(fine.nats, spacing)];
    const sparse = fine.nats.filter((_, k) => k % 2 === 0);
    // With an odd number of points the sparse rule ends on the same two places.
    const quadrature = count % 2 === 1 ? Math.abs(fineMass - trapezoid(sparse, 2 * spacing)) : 0;
    return {
      checks: [
        atMost(Math.abs(fineMass - inside), Math.abs(fineMass - roughMass) + quadrature + 10 * tight, {
          name: "likelihood-mass",
          statement: 8,
          claim: "the likelihood integrates to the prior's mass between the latents of the ends, here one (error)",
          reason: `what tightening the tolerance from ${numberText(loose)} to ${numberText(tight)} and halving the nodes change, and ten times the tolerance`,
        }),
        learned === null ? exactly(error, change) : aboutLearned(error),
      ],
    };
  },
};

const CLAIM = {
  name: "likelihood",
  statement: 8,
  claim: "log p = log p_tMin + log prior(x_T) − log p_tMax(x_T) along the flow (mean error, nats)",
};

function exactly(error: number, change: number): Check {
  return atMost(error, change + 1e-5, {
    ...CLAIM,
    reason: "what tightening the tolerance from 1e-4 to 1e-6 changes, and ten times the tolerance",
  });
}

function aboutLearned(error: number): Check {
  return reported(error, {
    ...CLAIM,
    reason: "no bound in terms of the score's error alone: it grows with the flow's Lipschitz constant",
  });
}

/** ∫ exp(nats) dx over equally spaced points. */
function trapezoid(nats: Float64Array, spacing: number): number {
  const last = nats.length - 1;
  let sum = 0;
  nats.forEach((value, k) => {
    sum += (k === 0 || k === last ? 0.5 : 1) * exp(value);
  });
  return sum * spacing;
}
