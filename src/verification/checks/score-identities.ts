import { atMost } from "../check.js";
import { type ScoreFunction, scoreFunction } from "../fokker-planck/score-source.js";
import { expectation } from "../line-rule.js";
import { evenTimes } from "../probe-times.js";
import { orModel, ruleAt, type Setting, type Verification } from "./setting.js";

/** E s = 0, E x s = −1, E s² = −E s′ for the given score. */
export const scoreIdentities: Verification = {
  name: "score-identities",
  statements: [],
  needsLine: true,
  async run(setting) {
    const { sde, model, modelTolerance } = setting;
    const score = scoreFunction(model, sde);
    const errors = [0, 0, 0];
    const changes = [0, 0, 0];
    for (const t of evenTimes(sde, 8)) {
      const [fine, coarse] = [await identities(setting, score, t, 10), await identities(setting, score, t, 5)];
      fine.forEach((value, k) => {
        errors[k] = Math.max(errors[k]!, Math.abs(value));
        changes[k] = Math.max(changes[k]!, Math.abs(value - coarse[k]!));
      });
    }
    const [zero, stein, fisher] = errors;
    const reason = `what doubling the nodes of the trapezoidal rule changes, and rounding${orModel(modelTolerance)}`;
    const bound = (k: number) => changes[k]! + 1e-9 + modelTolerance;
    return {
      checks: [
        atMost(zero!, bound(0), {
          reason,
          name: "score-mean",
          claim: "∫ s p = 0 (over the root of ∫ s² p, largest over t)",
        }),
        atMost(stein!, bound(1), { reason, name: "stein", claim: "∫ (x − E x) s p = −1 (largest error over t)" }),
        atMost(fisher!, bound(2), {
          reason,
          name: "fisher",
          claim: "∫ s² p = −∫ s′ p, the Fisher information (relative, largest over t)",
        }),
      ],
    };
  },
};

/** ∫ s p over the root of ∫ s² p, 1 + ∫ (x − E x) s p, and 1 + ∫ s′ p / ∫ s² p. */
async function identities(setting: Setting, score: ScoreFunction, t: number, nodesPerWidth: number): Promise<number[]> {
  const rule = ruleAt(setting, t, nodesPerWidth);
  const values = new Float64Array(rule.x.length);
  await score(rule.x, t, values);
  const square = expectation(rule, (_, i) => values[i]! * values[i]!);
  const slope = expectation(rule, (_, i) => rule.scoreSlope[i]!);
  const mean = expectation(rule, (x) => x);
  return [
    expectation(rule, (_, i) => values[i]!) / Math.sqrt(square),
    1 + expectation(rule, (x, i) => (x - mean) * values[i]!),
    1 + slope / square,
  ];
}
