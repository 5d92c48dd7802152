import { numberText } from "../../../solvers/number-text.js";
import { quantileLaw } from "../../metrics/quantile-law.js";
import { sample } from "../../sampling/sample.js";
import { atMost, reported } from "../check.js";
import { perturbedAt } from "../laws/output-law.js";
import { expectation } from "../line-rule.js";
import { ruleAt, type Verification } from "./setting.js";

/** √E|x_T − Ψ(x_T)|² of the probability flow against W2(p_tMax, p_tMin): equal on the line. */
export const transportCost: Verification = {
  name: "transport-cost",
  statements: [19],
  needsLine: true,
  async run(setting) {
    const { sde, target, model, learned } = setting;
    const rule = ruleAt(setting, sde.tMax);
    const options = { sde, model, solver: "rk45", samples: rule.x.length, initial: rule.x };
    const cost = async (tolerance: number) => {
      const { samples } = await sample({ ...options, rtol: tolerance, atol: tolerance });
      const image = samples.data;
      return Math.sqrt(expectation(rule, (x, i) => (x - image[i]!) * (x - image[i]!)));
    };
    const [start, end] = [
      quantileLaw(perturbedAt(target, sde, sde.tMax)),
      quantileLaw(perturbedAt(target, sde, sde.tMin)),
    ];
    const square = expectation(rule, (x) => {
      const below = start.cdf(x);
      const there = below < 0.5 ? end.quantile(below) : end.quantile(start.survival(x), { upper: true });
      return (x - there) * (x - there);
    });
    const exact = Math.sqrt(square);
    // Where the law stands still W2 is 0, and rk45 errs by its tolerance of the size of x.
    const size = Math.sqrt(expectation(rule, (x) => x * x));
    const text = (cost: number) => ({
      name: "transport-cost",
      statement: 19,
      claim: `the flow moves mass as cheaply as can be: cost ${numberText(cost, 6)} against W2 = ${numberText(exact, 6)} (difference over √E x² at tMax)`,
    });
    if (learned !== null) {
      const given = await cost(1e-5);
      const reason = "a learned flow ends on a law of its own, which W2 = W2(p_tMax, p_tMin) does not know";
      return { checks: [reported(Math.abs(given - exact) / size, { ...text(given), reason })] };
    }
    const [rough, fine] = [await cost(1e-5), await cost(1e-7)];
    // Jumps of a table of β hide part of the error from rk45's estimate.
    const jumps = sde.breakpoints.length > 0 ? 10 : 1;
    return {
      checks: [
        atMost(Math.abs(fine - exact) / size, (jumps * Math.abs(fine - rough)) / size + 1e-6, {
          ...text(fine),
          reason: `${jumps > 1 ? "ten times (β jumps) " : ""}what tightening rk45 from 1e-5 to 1e-7 changes, and ten times the tolerance`,
        }),
      ],
    };
  },
};
