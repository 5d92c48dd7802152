import { atMost } from "../check.js";
import { scoreFunction } from "../fokker-planck/score-source.js";
import { expectation } from "../line-rule.js";
import { evenTimes } from "../probe-times.js";
import { orModel, ruleAt, type Verification } from "./setting.js";

/** E s = 0, E x s = −1, E s² = −E s′ for the given score. */
export const scoreIdentities: Verification = {
  name: "score-identities",
  statements: [],
  needsLine: true,
  async run(setting) {
    const { sde, model, modelTolerance } = setting;
    const score = scoreFunction(model, sde);
    let [zero, stein, fisher] = [0, 0, 0];
    for (const t of evenTimes(sde, 8)) {
      const rule = ruleAt(setting, t);
      const values = new Float64Array(rule.x.length);
      await score(rule.x, t, values);
      const square = expectation(rule, (_, i) => values[i]! * values[i]!);
      const slope = expectation(rule, (_, i) => rule.scoreSlope[i]!);
      zero = Math.max(zero, Math.abs(expectation(rule, (_, i) => values[i]!)) / Math.sqrt(square));
      const mean = expectation(rule, (x) => x);
      stein = Math.max(stein, Math.abs(1 + expectation(rule, (x, i) => (x - mean) * values[i]!)));
      fisher = Math.max(fisher, Math.abs(square + slope) / square);
    }
    const text = { reason: `rounding of the trapezoidal rule${orModel(modelTolerance)}` };
    const bound = 1e-9 + modelTolerance;
    return {
      checks: [
        atMost(zero, bound, {
          ...text,
          name: "score-mean",
          claim: "∫ s p = 0 (over the root of ∫ s² p, largest over t)",
        }),
        atMost(stein, bound, { ...text, name: "stein", claim: "∫ (x − E x) s p = −1 (largest error over t)" }),
        atMost(fisher, bound, {
          ...text,
          name: "fisher",
          claim: "∫ s² p = −∫ s′ p, the Fisher information (relative, largest over t)",
        }),
      ],
    };
  },
};
