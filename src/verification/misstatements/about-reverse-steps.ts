import { ddpm } from "../../../solvers/exponential/ddpm.js";
import { integerPower } from "../../../solvers/math/integer-power.js";
import { uniformNodes } from "../../../solvers/spaces/law-frame.js";
import { resolveFixedSolver, resolveGrid } from "../../sampling/resolve.js";
import { discrete } from "../../sdes/discrete.js";
import { vp } from "../../sdes/vp.js";
import { gaussian } from "../../targets/gaussian.js";
import { atMost } from "../check.js";
import { solverKernel } from "../checks/solver-kernel.js";
import { gaussianLaw } from "../laws/gaussian-law.js";
import type { Misstatement } from "./misstatement.js";

export const ddimKeepsVariance: Misstatement = {
  name: "ddim-keeps-variance",
  claim: "DDIM keeps the variance exactly",
  truth: "it keeps q(x_u | x₀) for the true x₀; with the denoiser's mean each step loses (α_u(1 − e^{−h}))² mmse",
  async refute() {
    const sde = vp();
    const target = gaussian({ mean: 0, standardDeviation: 1 });
    const solver = resolveFixedSolver("ddim");
    const grid = resolveGrid(sde, { steps: 10 });
    const law = await gaussianLaw({ sde, target, solver, grid, start: "exact", denoise: false });
    const variance = law.variance!;
    return atMost(variance, 0.8, {
      name: "ddim-keeps-variance",
      statement: 14,
      claim: `10 uniform steps of DDIM on VP take N(0, 1), whose marginals are N(0, 1) at every t, to variance ${variance.toFixed(3)}`,
      reason: "1 if the claim held",
    });
  },
};

export const followTheMean: Misstatement = {
  name: "follow-the-mean",
  claim: "following the mean of every reverse step is sampling",
  truth: "on N(0, 1) it ends at variance ᾱ_T",
  async refute() {
    const sde = discrete({ betas: "linear", count: 1000 });
    let variance = 1;
    const solver = ddpm.create();
    const times = uniformNodes(sde.tMin, sde.tMax, 201);
    for (let k = 200; k > 0; k--) {
      const [t, u] = [times[k]!, times[k - 1]!];
      const { state, data } = await solverKernel(solver, sde, t, u);
      // For N(0, 1) data E[x₀ | x_t] = α_t x_t.
      const factor = state + data * sde.alpha(t);
      variance *= factor * factor;
    }
    const expected = integerPower(sde.alpha(sde.tMax) / sde.alpha(sde.tMin), 2);
    return atMost(Math.abs(variance / expected - 1), 1e-9, {
      name: "follow-the-mean",
      statement: 14,
      claim: `the means of 200 DDPM steps take N(0, 1) to variance ${variance.toExponential(3)}; ᾱ_T = ${expected.toExponential(3)} (relative distance)`,
      reason: "1 if the claim held; rounding of 200 steps",
    });
  },
};

export const moreStepsHelp: Misstatement = {
  name: "more-steps-help",
  claim: "more steps always help",
  truth: "σ̃ = 1 with the denoiser's mean ends at variance ½ on N(0, 1), the more surely the more steps",
  async refute() {
    const variances = [10, 100, 1000].map(freshNoiseVariance);
    return atMost(Math.abs(variances[2]! - 0.5), 0.01, {
      name: "more-steps-help",
      statement: 14,
      claim: `drawing the noise anew (σ̃ = 1), N = 10, 100, 1000: variance ${variances.map((value) => value.toFixed(3)).join(", ")} (distance of the last to ½)`,
      reason: "1 if the claim held",
    });
  },
};

/** x_u = α_u x̂₀ + σ_u z on N(0, 1) data: V_u = α_u² α_t² V_t + σ_u², uniform steps of VP down to t = 0 excluded. */
function freshNoiseVariance(steps: number): number {
  const sde = vp();
  let variance = 1;
  for (let k = steps; k > 0; k--) {
    const t = Math.max(sde.tMin, k / steps);
    const u = Math.max(sde.tMin, (k - 1) / steps);
    const [a, b, s] = [sde.alpha(t), sde.alpha(u), sde.sigma(u)];
    variance = b * b * a * a * variance + s * s;
  }
  return variance;
}
