import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createSde } from "../../src/sdes/registry.js";

interface Reference {
  readonly cases: readonly {
    readonly sde: string;
    readonly options: Record<string, unknown>;
    readonly points: readonly Record<"t" | "alpha" | "sigma" | "logSnr" | "drift" | "diffusion", number>[];
    readonly transitions: readonly Record<"from" | "to" | "scale" | "variance", number>[];
  }[];
}

const reference: Reference = JSON.parse(
  readFileSync(new URL("../fixtures/sdes/reference.json", import.meta.url), "utf8"),
);

const relative = (value: number, truth: number) => Math.abs(value - truth) / Math.abs(truth);

describe.each(reference.cases)("$sde $options against 80 digits", ({ sde: name, options, points, transitions }) => {
  it.each(points)("at t = $t", async ({ t, alpha, sigma, logSnr, drift, diffusion }) => {
    const sde = await createSde(name, options);
    // Exponents are at most 10 in size (B(1) = 10.05, ln 5000 = 8.5) and carry a few roundings of 1.1e-16 each.
    const bound = 1e-14;
    expect(relative(sde.alpha(t), alpha)).toBeLessThan(bound);
    expect(relative(sde.sigma(t), sigma)).toBeLessThan(bound);
    // λ crosses zero, where only its absolute error is bounded.
    expect(Math.abs(sde.logSnr(t) - logSnr)).toBeLessThan(bound * Math.max(1, Math.abs(logSnr)));
    expect(Math.abs(sde.driftCoefficient(t) - drift)).toBeLessThan(bound * Math.abs(drift) + 1e-300);
    expect(relative(sde.diffusion(t), diffusion)).toBeLessThan(bound);
  });

  it.each(transitions)("transition from $from to $to", async ({ from, to, scale, variance }) => {
    const sde = await createSde(name, options);
    const transition = sde.transition(from, to);
    expect(relative(transition.scale, scale)).toBeLessThan(1e-14);
    // to − from is exact in double precision here; the variance is a product of factors without cancellation.
    expect(relative(transition.variance, variance)).toBeLessThan(1e-14);
  });
});
