import { vp } from "../../sdes/vp.js";
import { gaussian } from "../../targets/gaussian.js";
import { atLeast, atMost } from "../check.js";
import { ruleAt } from "../checks/setting.js";
import { stalledChain } from "../checks/terminal.js";
import { entropy, negentropy } from "../line-rule.js";
import { type Misstatement, threeModes } from "./misstatement.js";

export const alwaysReachesNoise: Misstatement = {
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
};

export const assumedGaussian: Misstatement = {
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
};

export const justDropTheNoise: Misstatement = {
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
};

export const likelihoodRises: Misstatement = {
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
};
