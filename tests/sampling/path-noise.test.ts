import { describe, expect, it } from "vitest";
import { brownianPath } from "../../solvers/noise/brownian-path.js";
import { sample } from "../../src/sampling/sample.js";
import { exactScore } from "../../src/scores/exact-score.js";
import { vp } from "../../src/sdes/index.js";
import { gaussian } from "../../src/targets/index.js";

const sde = vp();
const model = exactScore(gaussian({ mean: 0.7, standardDeviation: 0.5 }), sde);
const run = async (solver: string, steps: number, noise: "path" | "counter" = "path") =>
  (await sample({ sde, model, solver, steps, samples: 48, seed: 8, noise, grid: "uniform" })).samples.data;
const distance = (a: Float64Array, b: Float64Array) =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length);

const finest = run("em", 1600);

describe("noise: 'path'", () => {
  it("em converges strongly at rate 1 on one Brownian path", async () => {
    const errors: number[] = [];
    for (const steps of [25, 50, 100, 200]) errors.push(distance(await run("em", steps), await finest));
    for (let k = 0; k + 1 < errors.length; k++) {
      // Strong order 1 for additive noise; the reference's own error is 1/8 of the last and biases its ratio to 16/7.
      const ratio = errors[k]! / errors[k + 1]!;
      expect(ratio).toBeGreaterThan(1.8);
      expect(ratio).toBeLessThan(2.4);
    }
    expect(errors[3]!).toBeLessThan(0.01);
  });

  it.each(["sra1", "shark"])(
    "%s, which knows the area of the path, converges faster than increments allow",
    async (solver) => {
      const reference = await run("shark", 1600);
      const errors: number[] = [];
      for (const steps of [50, 100, 200]) errors.push(distance(await run(solver, steps), reference));
      for (let k = 0; k + 1 < errors.length; k++) {
        // Strong order 1.5, and 2 where the drift is linear, as here; without the area it would be 1.
        const ratio = errors[k]! / errors[k + 1]!;
        expect(ratio).toBeGreaterThan(2 ** 1.5);
        expect(ratio).toBeLessThan(4.4);
      }
    },
  );

  it("stochastic Heun follows the same paths to the same ends", async () => {
    // Strong errors of both are a few 1e-3; independent noises would differ by 0.7.
    expect(distance(await run("stochastic-heun", 400), await finest)).toBeLessThan(5e-3);
  });

  it("with a noise of its own per step, ends of 10 and 100 steps have nothing in common", async () => {
    const a = await run("em", 100, "counter");
    const b = await run("em", 200, "counter");
    expect(distance(a, b)).toBeGreaterThan(0.5);
    expect(distance(await run("em", 100), await run("em", 200))).toBeLessThan(0.05);
  });

  it("is the increment of the sampler's Brownian path, scaled to N(0, 1)", async () => {
    // A flat score leaves x_u = x_t (1 + ½ β h) + √(βh) z.
    const flat = {
      predicts: "score",
      dimension: 1,
      evaluate: (_: unknown, out: Float64Array) => void out.fill(0),
    } as const;
    const times = [1, 0.63, 0.2];
    const initial = Float64Array.of(0, 0, 0);
    const { samples } = await sample({
      sde,
      model: flat,
      solver: "em",
      times,
      samples: 3,
      initial,
      noise: "path",
      seed: 8,
      firstSample: 40,
    });
    const path = brownianPath({ seed: 8, tMin: sde.tMin, tMax: sde.tMax, firstElement: 40, count: 3 });
    const x = new Float64Array(3);
    for (let n = 0; n < 2; n++) {
      const [t, u] = [times[n]!, times[n + 1]!];
      const w = new Float64Array(3);
      path.fillIncrement(t, u, w);
      const beta = 0.1 + 19.9 * t;
      for (let i = 0; i < 3; i++) x[i] = x[i]! * (1 + 0.5 * beta * (t - u)) + Math.sqrt(beta) * w[i]!;
    }
    for (let i = 0; i < 3; i++) expect(Math.abs(samples.data[i]! - x[i]!)).toBeLessThan(1e-13);
  });

  it.each([
    ["em", model],
    ["shark", exactScore(gaussian({ mean: [0.7, -1] }), sde)],
  ] as const)("gives the same path to a sample in any batch: %s", async (solver, law) => {
    const options = { sde, model: law, solver, steps: 9, seed: 8, noise: "path" } as const;
    const whole = (await sample({ ...options, samples: 64 })).samples.data;
    const part = (await sample({ ...options, samples: 5, firstSample: 17, batchSize: 2 })).samples.data;
    expect(part).toEqual(whole.slice(17 * law.dimension, 22 * law.dimension));
  });
});
