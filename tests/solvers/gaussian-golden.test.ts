import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { marginalVariance } from "../../solvers/index.js";
import { formatSpec } from "../../solvers/spec.js";
import { vp } from "../../src/sdes/index.js";
import { gaussianRun } from "./gaussian-run.js";

interface GoldenRun {
  readonly N: number;
  readonly mean: number;
  readonly var: number;
  readonly w2_vs_peps_from_pT: number;
  readonly w2_vs_peps_from_prior: number;
  readonly w2_vs_data_from_prior: number;
}
interface Golden {
  readonly data: readonly {
    readonly mu: number;
    readonly s: number;
    readonly runs: Readonly<Record<string, Readonly<Record<string, readonly GoldenRun[]>>>>;
  }[];
}

const golden: Golden = JSON.parse(readFileSync(new URL("../fixtures/gaussian-w2.json", import.meta.url), "utf8"));

const SAMPLERS: Readonly<Record<string, readonly [string, Record<string, unknown>]>> = {
  em: ["em", {}],
  reverse_diffusion: ["reverse-diffusion", { compat: "song" }],
  ancestral: ["ancestral", { compat: "song" }],
  ddpm_posterior: ["ddpm", {}],
  exp_integrator: ["exponential-em", {}],
  stochastic_heun: ["stochastic-heun", {}],
  sra1: ["sra1", {}],
  shark: ["shark", {}],
  pc_em_langevin_0p05: ["pc", { predictor: "em", corrector: "annealed", delta: 0.05 }],
  ode_euler: ["ode-euler", {}],
  ode_heun: ["ode-heun", {}],
  ode_rk4: ["ode-rk4", {}],
  ddim: ["ddim", {}],
};

const sde = vp();

function law(
  mean: number,
  deviation: number,
  solver: string,
  options: Readonly<Record<string, unknown>>,
  grid: string,
  steps: number,
  start: "prior" | "exact",
) {
  return gaussianRun(sde, { mean, deviation }, formatSpec({ name: solver, options }), steps, { grid, start });
}

/** Figures of the fixture are rounded to double precision after up to 1000 steps: 1e-9 relative or 1e-12 absolute. */
function close(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(Math.max(1e-9 * Math.abs(expected), 1e-12));
}

describe.each(golden.data)("moments on N($mu, $s²)", ({ mu, s, runs }) => {
  for (const [key, [solver, options]] of Object.entries(SAMPLERS)) {
    for (const [grid, list] of Object.entries(runs[key] ?? {})) {
      it(`${key} on the ${grid} grid`, async () => {
        const alpha = sde.alpha(sde.tMin);
        const end = Math.sqrt(marginalVariance(sde, sde.tMin, s * s));
        for (const run of list) {
          const exact = await law(mu, s, solver, options, grid, run.N, "exact");
          close(exact.mean, run.mean);
          close(exact.deviation * exact.deviation, run.var);
          close(Math.hypot(exact.mean - alpha * mu, exact.deviation - end), run.w2_vs_peps_from_pT);
          const prior = await law(mu, s, solver, options, grid, run.N, "prior");
          close(Math.hypot(prior.mean - alpha * mu, prior.deviation - end), run.w2_vs_peps_from_prior);
          close(Math.hypot(prior.mean - mu, prior.deviation - s), run.w2_vs_data_from_prior);
        }
      });
    }
  }
});
