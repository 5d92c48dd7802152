import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { sample } from "../../../src/sampling/sample.js";
import { defineModel } from "../../../src/scores/model.js";
import { discrete } from "../../../src/sdes/index.js";

type Options = Readonly<Record<string, number | string | boolean>>;

interface Fixture {
  readonly start: readonly number[];
  /** Of each step. */
  readonly noise: readonly (readonly number[])[];
  readonly runs: readonly {
    readonly scheduler: string;
    readonly options: Options;
    readonly timesteps: readonly number[];
    readonly end: readonly number[];
  }[];
}

const fixture: Fixture = JSON.parse(
  readFileSync(new URL("../../fixtures/diffusers/runs.json", import.meta.url), "utf8"),
);
const LEVELS = 1000;
const sde = discrete({ betas: "linear" });
const model = defineModel({
  sde,
  predicts: "noise",
  dimension: 1,
  evaluate({ x, times, count }, out) {
    for (let i = 0; i < count; i++) {
      const [alpha, sigma] = [sde.alpha(times[i]!), sde.sigma(times[i]!)];
      out[i] = (sigma * (x[i]! - 0.7 * alpha)) / (0.25 * alpha * alpha + sigma * sigma);
    }
  },
});

/** What docs/coming-from.md calls the same, apart from the end of a run. */
function solverOf(scheduler: string, options: Options): string {
  const { eta, variance_type, solver_order: order, solver_type: type, algorithm_type: algorithm } = options;
  if (scheduler === "DDIMScheduler") return `ddim:eta=${eta}`;
  if (scheduler === "DDPMScheduler") return variance_type === "fixed_small" ? "ddpm" : "ddpm:variance=transition";
  if (scheduler === "UniPCMultistepScheduler") return `unipc:order=${order},variant=${type}`;
  // The corrector's own evaluation counts there.
  if (scheduler === "SASolverScheduler") return "sa-solver:predictor=3,corrector=2";
  if (scheduler === "DEISMultistepScheduler") return `deis:order=${order}`;
  if (algorithm === "sde-dpmsolver++") return `dpm++2m-sde:variant=${type ?? "midpoint"}`;
  return order === 1 ? "ddim" : "dpm++2m";
}

for (const { scheduler, options, timesteps, end } of fixture.runs) {
  const solver = solverOf(scheduler, options);
  it(`${scheduler} ${JSON.stringify(options)} is ${solver}`, async () => {
    const { samples } = await sample({
      sde,
      model,
      solver,
      times: timesteps.map((n) => (n + 1) / LEVELS),
      samples: fixture.start.length,
      initial: fixture.start,
      noise: (step, _slot, _first, _count, out) => out.set(fixture.noise[step]!),
    });
    // Their levels are products of up to 1000 float32 numbers.
    for (const [i, value] of end.entries()) expect(Math.abs(samples.data[i]! - value)).toBeLessThan(LEVELS * 2 ** -24);
  });
}
