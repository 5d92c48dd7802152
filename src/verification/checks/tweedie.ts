import { exp } from "../../../solvers/math/elementary.js";
import { numberText } from "../../../solvers/number-text.js";
import { exactScore } from "../../scores/exact-score.js";
import { atMost } from "../check.js";
import { scoreFunction } from "../fokker-planck/score-source.js";
import { MOST_NODES } from "../line-rule.js";
import { evenTimes } from "../probe-times.js";
import { evenRuleAt, ruleAt, type Setting, type Verification } from "./setting.js";

/** E[x_s | x_t] = (x_t + v s(x_t))/r, against integration over x_s, s = tMin where a rule can resolve the noise of that time. */
export const tweedie: Verification = {
  name: "tweedie",
  statements: [11],
  needsLine: true,
  async run(setting) {
    const { sde, target, learned } = setting;
    // A learned score enters linearly: its error is that of the score. The identity is about p_t.
    const score = scoreFunction(learned === null ? setting.model : exactScore(target, sde), sde);
    const start = resolvedTime(setting);
    const first = evenRuleAt(setting, start);
    let worst = 0;
    for (const t of evenTimes(sde, 4).filter((time) => time > start)) {
      const { scale, variance } = sde.transition(start, t);
      const width = Math.sqrt(variance) / scale;
      const nodesPerWidth = Math.max(10, Math.ceil((10 * first.width) / width));
      const rule = evenRuleAt(setting, start, nodesPerWidth, 0.5 * sde.sigma(start));
      const late = ruleAt(setting, t);
      const chosen = Array.from(late.x.keys()).filter((i) => late.weights[i]! * late.x.length > 1e-4);
      const stride = Math.max(1, Math.floor(chosen.length / 40));
      const x = Float64Array.from(
        chosen.filter((_, k) => k % stride === 0),
        (i) => late.x[i]!,
      );
      const values = new Float64Array(x.length);
      await score(x, t, values);
      x.forEach((place, k) => {
        let [mass, mean] = [0, 0];
        for (let j = 0; j < rule.x.length; j++) {
          const offset = place - scale * rule.x[j]!;
          const weight = rule.weights[j]! * exp((-0.5 * offset * offset) / variance);
          mass += weight;
          mean += weight * rule.x[j]!;
        }
        const given = (place + variance * values[k]!) / scale;
        worst = Math.max(worst, Math.abs(given - mean / mass) / Math.max(width, first.width));
      });
    }
    return {
      checks: [
        atMost(worst, 1e-8, {
          name: "tweedie",
          claim: `E[x_s | x_t] = (x_t + v s(x_t))/r, s = ${start === sde.tMin ? "tMin" : numberText(start, 2)}, against integration (over the width of the posterior${learned === null ? "" : "; exact score"})`,
          reason: "the trapezoidal rule, ten nodes to the narrowest width and two to the noise of x_s",
        }),
      ],
    };
  },
};

/** The earliest of a few times whose noise half as many nodes as a rule may have resolve: its law may have corners of that width. */
function resolvedTime(setting: Setting): number {
  const { sde } = setting;
  const times = evenTimes(sde, 33);
  const isResolved = (t: number) => {
    const { x } = evenRuleAt(setting, t);
    return (2 * (x.at(-1)! - x[0]!)) / sde.sigma(t) <= 0.5 * MOST_NODES;
  };
  return times.find(isResolved) ?? sde.tMin;
}
