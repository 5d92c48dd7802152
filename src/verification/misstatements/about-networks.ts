import { uniformNodes } from "../../../solvers/spaces/law-frame.js";
import { vp } from "../../sdes/vp.js";
import { atLeast } from "../check.js";
import { totalGap } from "../checks/reverse-conditional.js";
import { mmseOf, ruleAt } from "../checks/setting.js";
import { type Misstatement, threeModes } from "./misstatement.js";

export const largeNetworkCompensates: Misstatement = {
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
};

export const denoisingLossBound: Misstatement = {
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
};
