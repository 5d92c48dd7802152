import { ddpm } from "../../../solvers/exponential/ddpm.js";
import { integerPower } from "../../../solvers/math/integer-power.js";
import { uniformNodes } from "../../../solvers/spaces/law-frame.js";
import type { FixedSolver } from "../../../solvers/types.js";
import { resolveFixedSolver, resolveGrid } from "../../sampling/resolve.js";
import { discrete } from "../../sdes/discrete.js";
import type { Sde } from "../../sdes/types.js";
import { vp } from "../../sdes/vp.js";
import { gaussian } from "../../targets/gaussian.js";
import { mixture } from "../../targets/mixture.js";
import { atLeast, atMost, type Check } from "../check.js";
import { totalGap } from "../checks/reverse-conditional.js";
import { mmseOf, ruleAt } from "../checks/setting.js";
import { solverKernel } from "../checks/solver-kernel.js";
import { stalledChain } from "../checks/terminal.js";
import { gaussianLaw } from "../laws/gaussian-law.js";
import { entropy, negentropy } from "../line-rule.js";

/** A claim that is often read, and the counterexample that refutes it. */
export interface Misstatement {
  readonly name: string;
  readonly claim: string;
  /** What is true instead. */
  readonly truth: string;
  readonly refute: () => Promise<Check>;
}

const standard = gaussian({ mean: 0, standardDeviation: 1 });
const threeModes = mixture({
  weights: [0.3, 0.5, 0.2],
  means: [-2, 0.5, 2],
  standardDeviations: [0.3, 0.4, 0.25],
});

/** The common misstatements, each with a figure that it cannot explain. */
export const MISSTATEMENTS: readonly Misstatement[] = [
  {
    name: "always-reaches-noise",
    claim: "the forward chain always reaches N(0, I)",
    truth: "only if Σβ diverges: with β_t = 1/t² it stops at ᾱ = ½",
    refute: async () =>
      atMost(Math.abs(stalledChain(1e6) - 0.5), 1e-5, {
        name: "always-reaches-noise",
        statement: 1,
        claim: `ᾱ after 10⁶ steps of β_t = 1/t², t ≥ 2, is ${stalledChain(1e6).toFixed(6)} (distance to ½)`,
        reason: "the product telescopes to (T + 2)/(2T + 2)",
      }),
  },
  {
    name: "assumed-gaussian",
    claim: "diffusion models assume that p_t is Gaussian",
    truth: "the transitions are Gaussian; p_t is not, until contraction makes it so",
    async refute() {
      const rule = ruleAt({ target: threeModes, sde: vp() }, 0.1);
      return atLeast(negentropy(rule), 0.1, {
        name: "assumed-gaussian",
        statement: 2,
        claim: "negentropy of p_0.1 of a mixture of three modes under VP, nats: 0 for a Gaussian",
        reason: "a tenth of a nat is far above rounding",
      });
    },
  },
  {
    name: "large-network-compensates",
    claim: "a large enough network makes up for few steps",
    truth: "the KL of the reverse conditional to its best Gaussian is what no network removes",
    async refute() {
      const sums = [5, 20, 80].map((steps) => totalGap({ target: threeModes, sde: vp() }, steps));
      return atLeast(sums[0]!, 0.2, {
        name: "large-network-compensates",
        statement: 3,
        claim: `Σ KL to the best Gaussian steps, mixture of three modes, N = 5, 20, 80: ${sums.map((value) => value.toFixed(4)).join(", ")} nats`,
        reason: "the figure for 5 steps, which an unlimited network keeps",
      });
    },
  },
  {
    name: "just-drop-the-noise",
    claim: "the probability flow is the SDE with its noise left out",
    truth: "the drift changes with it: f − ½g²s, not f",
    async refute() {
      // Under dx = f dt data of variance 4 shrinks to α² 4; the process has α² 4 + σ².
      const sde = vp();
      const alpha = sde.alpha(sde.tMax) / sde.alpha(sde.tMin);
      return atMost(4 * alpha * alpha, 0.001, {
        name: "just-drop-the-noise",
        statement: 9,
        claim: `dx = f dt carries N(0, 4) to variance ${(4 * alpha * alpha).toExponential(2)} at tMax, where p_tMax has variance 1.00`,
        reason: "nothing keeps the variance up once the noise is gone",
      });
    },
  },
  {
    name: "ddim-keeps-variance",
    claim: "DDIM keeps the variance exactly",
    truth: "it keeps q(x_u | x₀) for the true x₀; with the denoiser's mean each step loses (α_u(1 − e^{−h}))² mmse",
    async refute() {
      const variance = await endVariance("ddim", vp(), 10);
      return atMost(variance, 0.8, {
        name: "ddim-keeps-variance",
        statement: 14,
        claim: `10 uniform steps of DDIM on VP take N(0, 1), whose marginals are N(0, 1) at every t, to variance ${variance.toFixed(3)}`,
        reason: "1 if the claim held",
      });
    },
  },
  {
    name: "denoising-loss-bound",
    claim: "W2 ≤ C Σ γ_t δ_t with δ_t the denoising loss bounds the error",
    truth: "δ_t² ≥ mmse(t) > 0 for a perfect network: the sum grows with the number of steps while the error vanishes",
    async refute() {
      const sde = vp();
      const setting = { target: threeModes, sde };
      const total = (steps: number) =>
        Array.from(uniformNodes(sde.tMin, sde.tMax, steps + 1).subarray(1), (t) =>
          Math.sqrt(mmseOf(setting, t, ruleAt(setting, t, 4))),
        ).reduce((sum, value) => sum + value, 0);
      const [few, many] = [total(20), total(200)];
      return atLeast(many / few, 8, {
        name: "denoising-loss-bound",
        statement: 16,
        claim: `Σ δ_t of a perfect network: ${few.toPrecision(4)} for 20 steps, ${many.toPrecision(4)} for 200 (ratio)`,
        reason: "a useful bound would shrink",
      });
    },
  },
  {
    name: "likelihood-rises",
    claim: "−log p_t falls along sampling trajectories",
    truth: "N(0, 4) gains ln 2 nats of surprise in reverse time; what decays is KL(p_t ‖ p_∞), forwards",
    async refute() {
      const target = gaussian({ mean: 0, standardDeviation: 2 });
      const setting = { target, sde: vp() };
      const gained = entropy(ruleAt(setting, 1e-3)) - entropy(ruleAt(setting, 1));
      return atLeast(gained, 0.69, {
        name: "likelihood-rises",
        statement: 18,
        claim: `E −log p_t of N(0, 4) under VP rises by ${gained.toFixed(4)} nats from t = 1 down to 0.001; ln 2 = ${Math.LN2.toFixed(4)}`,
        reason: "above 0 refutes it",
      });
    },
  },
  {
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
  },
  {
    name: "more-steps-help",
    claim: "more steps always help",
    truth: "σ̃ = 1 with the denoiser's mean ends at variance ½ on N(0, 1), the more surely the more steps",
    async refute() {
      const variances = await Promise.all([10, 100, 1000].map(freshNoiseVariance));
      return atMost(Math.abs(variances[2]! - 0.5), 0.01, {
        name: "more-steps-help",
        statement: 14,
        claim: `drawing the noise anew (σ̃ = 1), N = 10, 100, 1000: variance ${variances.map((value) => value.toFixed(3)).join(", ")} (distance of the last to ½)`,
        reason: "1 if the claim held",
      });
    },
  },
];

async function endVariance(name: string, sde: Sde, steps: number): Promise<number> {
  const solver: FixedSolver = resolveFixedSolver(name);
  const grid = resolveGrid(sde, { steps });
  const { variance } = await gaussianLaw({ sde, target: standard, solver, grid, start: "exact", denoise: false });
  return variance!;
}

/** x_u = α_u x̂₀ + σ_u z on N(0, 1) data: V_u = α_u² α_t² V_t + σ_u², uniform steps of VP down to t = 0 excluded. */
async function freshNoiseVariance(steps: number): Promise<number> {
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
