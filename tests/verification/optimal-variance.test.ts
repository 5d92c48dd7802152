import { expect, it } from "vitest";
import { ddpm } from "../../solvers/exponential/ddpm.js";
import { optimalVarianceDdpm } from "../../solvers/exponential/optimal-variance-ddpm.js";
import { edm, vp } from "../../src/sdes/index.js";
import { gaussian, toy } from "../../src/targets/index.js";
import { denoisingError } from "../../src/verification/denoising-error.js";
import { exactLaw } from "../../src/verification/exact-law.js";

it.each([vp(), edm()])(
  "is exact on Gaussian data under $name, from the exact start, at any number of steps",
  async (sde) => {
    const target = gaussian({ mean: 0.7, standardDeviation: 0.5 });
    // Var(x₀ | x_t) in closed form.
    const mmse = (t: number) => {
      const [alpha, sigma] = [sde.alpha(t), sde.sigma(t)];
      return (0.25 * sigma * sigma) / (0.25 * alpha * alpha + sigma * sigma);
    };
    const numeric = denoisingError(target, sde);
    for (const t of [0.1, 0.5, 1]) expect(Math.abs(numeric(t) / mmse(t) - 1)).toBeLessThan(1e-9);
    for (const steps of [1, 3, 10]) {
      const { w2 } = await exactLaw({
        sde,
        target,
        solver: optimalVarianceDdpm({ mmse }),
        steps,
        start: "exact",
        against: "tMin",
      });
      // Rounding of variances, of which the deviation is a root.
      expect(w2).toBeLessThan(1e-12);
    }
  },
);

it("is nearer to a mixture in KL than both of DDPM's variances", async () => {
  const sde = vp();
  const target = toy("trimodal");
  const kl = async (solver: Parameters<typeof exactLaw>[0]["solver"]) =>
    (await exactLaw({ sde, target, solver, steps: 20, start: "exact", against: "tMin" })).kl!;
  const optimal = await kl(optimalVarianceDdpm({ mmse: denoisingError(target, sde) }));
  const others = [await kl(ddpm.create({ variance: "posterior" })), await kl(ddpm.create({ variance: "transition" }))];
  expect(optimal).toBeLessThan(Math.min(...others));
});

it("refuses the plane", () => {
  expect(() => denoisingError(toy("two-moons"), vp())).toThrow(/give mmse\(t\) yourself/);
});
