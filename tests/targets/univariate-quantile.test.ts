import { describe, expect, it } from "vitest";
import { createTarget } from "../../src/targets/index.js";
import { normalCdf, normalDensity, normalQuantile, normalSurvival } from "../../src/targets/special/normal.js";
import { univariateQuantile } from "../../src/targets/univariate-quantile.js";

/** The standard normal, and how often it was asked. */
function counted() {
  const asked = { times: 0 };
  const law = {
    cdf(x: number) {
      asked.times++;
      return normalCdf(x);
    },
    survival(x: number) {
      asked.times++;
      return normalSurvival(x);
    },
    logDensity: (x: number) => Math.log(normalDensity(x)),
  };
  return { law, asked };
}

describe("quantiles on the line", () => {
  it("begin where they are told to, and end at the same number", () => {
    for (const upper of [false, true]) {
      for (const p of [1e-12, 0.003, 0.4, 0.8]) {
        const truth = upper ? -normalQuantile(p) : normalQuantile(p);
        const far = counted();
        const plain = univariateQuantile(far.law, p, [-40, 60], { upper });
        for (const near of [truth + 1e-3, truth - 1e-3, 59, -100, Number.NaN]) {
          const { law, asked } = counted();
          const found = univariateQuantile(law, p, [-40, 60], { upper, near });
          // Rounding of the tail over its slope: 4 ulp of p, and of the number itself.
          const slope = normalDensity(truth);
          expect(Math.abs(found - plain)).toBeLessThan(2 ** -50 * (Math.min(p, 1 - p) / slope + Math.abs(truth)));
          // Newton's method from 1e-3: errors of about 1e-6, 1e-12, none.
          if (Math.abs(near - truth) < 0.01) {
            expect(asked.times).toBeLessThanOrEqual(3);
            expect(asked.times).toBeLessThan(far.asked.times);
          }
        }
      }
    }
  });

  it.each(["bimodal", "uniform", "laplace"])("of %s do not depend on where they are looked for", async (name) => {
    const law = (await createTarget(name)).perturbed(0.8, 0.3);
    for (const p of [1e-9, 0.02, 0.31, 0.77]) {
      for (const upper of [false, true]) {
        const plain = law.quantile!(p, { upper });
        for (const near of [plain + 0.01, plain - 0.3]) {
          // Tails to a few ulp over a slope of at least a tenth of them.
          expect(Math.abs(law.quantile!(p, { upper, near }) - plain)).toBeLessThan(2 ** -46);
        }
      }
    }
  });
});
