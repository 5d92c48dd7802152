import { describe, expect, it } from "vitest";
import { type OneStepFactory, oneStepSolver, type Step } from "../../solvers/one-step.js";
import { stepTransition } from "../../solvers/transition.js";
import type { Model } from "../../solvers/types.js";
import { verify } from "../../src/experiments/verify.js";
import { exactScore } from "../../src/scores/index.js";
import { type Sde, vp } from "../../src/sdes/index.js";
import { mixture, toy } from "../../src/targets/index.js";
import { type ForwardOptions, fokkerPlanck } from "../../src/verification/fokker-planck/index.js";
import { checkSubject, finiteVolumes } from "../../src/verification/fokker-planck-check/index.js";
import { modelFrom } from "../../src/verification/model-from.js";

const sde = vp();
const target = toy("trimodal");

/** Names of the checks that fail. */
async function failures(config: Partial<Parameters<typeof verify>[0]>, only: string[]): Promise<string[]> {
  const { checks, passed } = await verify({ sde, target, solvers: [], samples: 500, ...config, only });
  const failed = checks.filter(({ verdict }) => verdict === "fail").map(({ name }) => name);
  expect(passed).toBe(failed.length === 0);
  return failed;
}

const square = (x: number) => x * x;

describe("faults planted in the SDE", () => {
  const scaledDrift = (factor: number): Partial<Sde> => ({
    driftCoefficient: (t) => factor * sde.driftCoefficient(t),
    drift: (x, t, out) => sde.drift(x, t, out).map((value) => factor * value),
  });
  const faults: readonly [string, Partial<Sde>, string][] = [
    ["drift of the wrong sign", scaledDrift(-1), "drift"],
    ["drift 0.01% too strong", scaledDrift(1.0001), "drift"],
    ["g² in place of g", { diffusion: (t) => square(sde.diffusion(t)) }, "diffusion"],
    ["g 0.01% too large", { diffusion: (t) => 1.0001 * sde.diffusion(t) }, "diffusion"],
    ["σ 1e-6 too large", { sigma: (t) => (1 + 1e-6) * sde.sigma(t) }, "transition"],
    ["α of the square root of time", { alpha: (t) => sde.alpha(Math.sqrt(t)) }, "drift"],
    ["λ of base 2", { logSnr: (t) => sde.logSnr(t) / Math.LN2 }, "transition"],
    ["inverse of λ off by 1e-6", { timeAtLogSnr: (lambda) => sde.timeAtLogSnr(lambda) + 1e-6 }, "time-at-log-snr"],
    [
      "transition variance 1e-6 too large",
      {
        transition(from, to) {
          const { scale, variance } = sde.transition(from, to);
          return { scale, variance: (1 + 1e-6) * variance };
        },
      },
      "transition",
    ],
    ["prior 10% too wide", { priorStandardDeviation: 1.1 }, "prior"],
  ];
  it.each(faults)("%s", async (_name, fault, expected) => {
    expect(await failures({ sde: { ...sde, ...fault } }, ["schedule", "terminal"])).toContain(expected);
  });

  it("none", async () => {
    expect(await failures({}, ["schedule", "terminal"])).toEqual([]);
  });
});

describe("faults planted in the score", () => {
  const score = exactScore(target, sde);
  const moved = mixture({
    weights: [0.3, 0.5, 0.2],
    means: [-2, 0.5, 2.01],
    standardDeviations: [0.3, 0.4, 0.25],
  });
  const later = (t: number) =>
    Math.min(sde.tMax, sde.timeAtLogSnr(Math.max(sde.logSnr(sde.tMax), sde.logSnr(t) - 0.01)));
  const faults: readonly [string, Model, string][] = [
    ["0.1% too large", modelFrom(score, sde, (s) => 1.001 * s), "stein"],
    ["a constant added", modelFrom(score, sde, (s) => s + 0.01), "score-mean"],
    ["clipped at 5", modelFrom(score, sde, (s) => Math.max(-5, Math.min(5, s))), "fisher"],
    ["read a hundredth of λ too late", modelFrom(score, sde, (s) => s, later), "fisher"],
    ["of other data, a mode moved by 0.01", exactScore(moved, sde), "fisher"],
    ["the noise taken for the score", modelFrom(score, sde, (s, t) => -sde.sigma(t) * s), "stein"],
  ];
  it.each(faults)("%s", async (_name, model, expected) => {
    expect(await failures({ model, modelTolerance: 0 }, ["score-identities", "tweedie"])).toContain(expected);
  });

  it("none, in any prediction", async () => {
    for (const prediction of ["score", "noise", "data", "velocity"] as const) {
      const model = score.as(prediction);
      expect(await failures({ model, modelTolerance: 0 }, ["score-identities", "tweedie"])).toEqual([]);
    }
  });
});

describe("faults planted in solvers", () => {
  const facts = { summary: "", source: "", order: 1, evaluationsPerStep: 1, options: {} };
  const make = (name: string, step: Step): OneStepFactory =>
    oneStepSolver({ ...facts, name, stochastic: true, step: () => step });
  /** Euler–Maruyama with a weight of the score, a power of g in the noise and a time at which f is taken. */
  const euler = (weight: number, noise: (g: number, h: number) => number, late = false) =>
    make("mine", async ({ schedule, space, score, normal }, x, step) => {
      const h = step.t - step.u;
      const f = schedule.driftCoefficient(late ? step.u : step.t);
      const g = schedule.diffusion(step.t);
      const s = await score(x, step.t);
      return space.combine([1 - h * f, weight * h * g * g, noise(g, h)], [x, s, normal(step)]);
    });
  const posterior = (deviation: (u: number, share: number) => number) =>
    make("ddpm", async ({ schedule, space, denoise, normal }, x, step) => {
      const { ratio, sigmaU, sigmaT, alphaU, newShare } = stepTransition(schedule, step.t, step.u);
      const data = await denoise(x, step.t);
      const state = (ratio * square(sigmaU)) / square(sigmaT);
      return space.combine([state, alphaU * newShare, deviation(sigmaU, newShare)], [x, data, normal(step)]);
    });
  const root = (g: number, h: number) => g * Math.sqrt(h);
  const faults: readonly [string, OneStepFactory, string][] = [
    ["reverse drift with ½g²s and full noise", euler(0.5, root), "limit mine"],
    ["reverse drift with the score's sign turned", euler(-1, root), "limit mine"],
    ["noise g h", euler(1, (g, h) => g * h), "limit mine"],
    ["noise √2 g √h", euler(1, (g, h) => Math.SQRT2 * root(g, h)), "limit mine"],
    ["ddpm with noise σ_u in place of σ_u σ̃", posterior((u) => u), "kernel ddpm"],
    ["ddpm with the variance as deviation", posterior((u, share) => square(u) * share), "kernel ddpm"],
  ].map(([name, factory, expected]) => [`${name}`, factory as OneStepFactory, `${expected}`]);
  it.each(faults)("%s", async (_name, factory, expected) => {
    const failed = await failures({ solvers: [factory.create()] }, ["solver-limits", "kernels"]);
    expect(failed.map((name) => name.replace("your ", ""))).toContain(expected);
  });

  it("none", async () => {
    const solvers = [
      euler(1, root).create(),
      euler(1, root, true).create(),
      posterior((u, share) => u * Math.sqrt(share)).create(),
    ];
    expect(await failures({ solvers }, ["solver-limits", "kernels"])).toEqual([]);
  });
});

describe("faults planted in the solver of the Fokker–Planck equation", () => {
  type Solution = Awaited<ReturnType<typeof fokkerPlanck>>;
  const changed = (change: Partial<Sde>) => (options: ForwardOptions) =>
    fokkerPlanck({ ...options, sde: { ...options.sde, ...change } });
  const altered = (change: (solution: Solution) => Partial<Solution>) => async (options: ForwardOptions) => {
    const solution = await fokkerPlanck(options);
    return { ...solution, ...change(solution) };
  };
  const faults: readonly [string, typeof fokkerPlanck, RegExp][] = [
    ["D = g² in place of ½g²", changed({ diffusion: (t) => Math.SQRT2 * sde.diffusion(t) }), /finite-volumes/],
    ["no drift", changed({ drift: (x, _t, out = new Float64Array(x.length)) => out.fill(0) }), /finite-volumes/],
    [
      "densities a cell too far right",
      altered(({ densities }) => ({ densities: densities.map((p) => Float64Array.from(p, (_, i) => p[i - 1] ?? 0)) })),
      /finite-volumes/,
    ],
    ["mass leaks", altered(({ mass }) => ({ mass: mass.map((value, k) => value * (1 - 1e-9 * k)) })), /mass/],
    ["a density below zero", altered(() => ({ minimum: -1e-12 })), /positivity/],
    ["a run that broke off", altered(() => ({ status: "max-steps" })), /finite-volumes/],
  ];
  it.each(faults)("%s", async (_name, solve, expected) => {
    const { checks } = await finiteVolumes(checkSubject({ sde, target, samples: 100, seed: 0, solve }));
    const failed = checks.filter(({ verdict }) => verdict === "fail").map(({ name }) => name);
    expect(failed.join()).toMatch(expected);
  });

  it("none", async () => {
    const { checks } = await finiteVolumes(checkSubject({ sde, target, samples: 100, seed: 0 }));
    expect(checks.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
  });
});
