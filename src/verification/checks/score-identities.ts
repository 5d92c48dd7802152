import { atMost } from "../check.js";
import { ClosestCall } from "../closest-call.js";
import { type ScoreFunction, scoreFunction } from "../fokker-planck/score-source.js";
import { expectation, varianceOf } from "../line-rule.js";
import { evenTimes } from "../probe-times.js";
import { orLearned, ruleAt, type Setting, type Verification } from "./setting.js";

/** E s = 0, E x s = −1, E s² = −E s′ for the given score. */
export const scoreIdentities: Verification = {
  name: "score-identities",
  statements: [],
  needsLine: true,
  async run(setting) {
    const { sde, model, learned } = setting;
    const score = scoreFunction(model, sde);
    const [zero, stein, fisher] = [new ClosestCall(), new ClosestCall(), new ClosestCall()];
    for (const t of evenTimes(sde, 8)) {
      const [fine, coarse] = [await identities(setting, score, t, 10), await identities(setting, score, t, 5)];
      const slack = (part: "zero" | "stein" | "fisher") =>
        Math.abs(fine[part] - coarse[part]) + 1e-9 + fine.explained[part];
      zero.add(Math.abs(fine.zero), slack("zero"));
      stein.add(Math.abs(fine.stein), slack("stein"));
      fisher.add(Math.abs(fine.fisher), slack("fisher"));
    }
    const reason = `what doubling the nodes changes, and rounding${orLearned(learned)}`;
    return {
      checks: [
        atMost(zero.figure, zero.tolerance, {
          reason,
          name: "score-mean",
          claim: "∫ s p = 0 (over the root of ∫ s² p, closest call over t)",
        }),
        atMost(stein.figure, stein.tolerance, {
          reason,
          name: "stein",
          claim: "∫ (x − E x) s p = −1 (error, closest call over t)",
        }),
        atMost(fisher.figure, fisher.tolerance, {
          reason,
          name: "fisher",
          claim: "∫ s² p = −∫ s′ p, the Fisher information (relative, closest call over t)",
        }),
      ],
    };
  },
};

/** ∫ s p over the root of ∫ s² p, 1 + ∫ (x − E x) s p, and 1 + ∫ s′ p / ∫ s² p, with what the error of a learned score explains of each. */
async function identities(setting: Setting, score: ScoreFunction, t: number, nodesPerWidth: number) {
  const rule = ruleAt(setting, t, nodesPerWidth);
  const values = new Float64Array(rule.x.length);
  await score(rule.x, t, values);
  const square = expectation(rule, (_, i) => values[i]! * values[i]!);
  const slope = expectation(rule, (_, i) => rule.scoreSlope[i]!);
  const mean = expectation(rule, (x) => x);
  const error = (await setting.learned?.error(t)) ?? 0;
  return {
    zero: expectation(rule, (_, i) => values[i]!) / Math.sqrt(square),
    stein: 1 + expectation(rule, (x, i) => (x - mean) * values[i]!),
    fisher: 1 + slope / square,
    explained: {
      zero: error / Math.sqrt(square),
      stein: error * Math.sqrt(varianceOf(rule)),
      fisher: (2 * Math.sqrt(Math.abs(slope)) * error + error * error) / square,
    },
  };
}
