import { describe, expect, it } from "vitest";
import { zScoreOfMean, zScoreOfVariance } from "../../src/metrics/index.js";
import { sample } from "../../src/sampling/sample.js";
import { exactScore } from "../../src/scores/exact-score.js";
import { ve, vp } from "../../src/sdes/index.js";
import { gaussian } from "../../src/targets/index.js";
import { gaussianRun } from "../solvers/gaussian-run.js";

const data = { mean: 0.7, deviation: 0.5 };
const solvers = [
  "em",
  "em:eta=0.5",
  "reverse-diffusion",
  "ancestral",
  "ddpm",
  "ddpm:variance=transition",
  "stochastic-heun",
  "sra1",
  "shark",
  "exponential-em",
  "pc",
  "pc:predictor=em,order=corrector-first,correctorSteps=2,delta=0.1",
  "pc:predictor=none,correctorSteps=3",
  "ode-euler",
  "ode-heun",
  "ode-rk4:variable=rho",
  "ddim",
  "ddim:eta=0.5",
  "dpm++2m",
  "dpm++3m",
  "dpm++2m-sde",
  "dpm++2m-sde:eta=0.5,variant=heun",
  "unipc",
  "unipc:order=3",
  "deis",
  "lms",
  "edm-heun",
  "edm-heun:churn=4,sMax=8",
];

describe.each([vp(), ve()])("$name: samples have the moments of the gaussian space", (sde) => {
  const model = exactScore(gaussian({ mean: data.mean, standardDeviation: data.deviation }), sde);
  it.each(solvers)("%s", async (solver) => {
    const options = { grid: "log-snr", start: "prior" } as const;
    const { mean, deviation } = await gaussianRun(sde, data, solver, 12, options);
    const { samples, status } = await sample({
      sde,
      model,
      solver,
      steps: 12,
      grid: "log-snr",
      samples: 4096,
      seed: 11,
    });
    expect(status).toBe("success");
    // 112 z-scores: |z| < 4 fails by chance in 0.7 % of seeds.
    expect(Math.abs(zScoreOfMean(samples.data, mean))).toBeLessThan(4);
    expect(Math.abs(zScoreOfVariance(samples.data, mean, deviation * deviation))).toBeLessThan(4);
  });
});
