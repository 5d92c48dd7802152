import ndarray from "ndarray";
import { afterAll, describe, expect, it } from "vitest";
import { fillNormal } from "../../solvers/noise/normal.js";
import { createEngine, parameterCount } from "../../src/engine/index.js";
import { exactScore } from "../../src/scores/exact-score.js";
import { rectifiedFlow, ve, vp } from "../../src/sdes/index.js";
import { empirical, gaussian, toy } from "../../src/targets/index.js";
import { lossFunction } from "../../src/training/loss-function.js";
import { initialParameters } from "../../src/training/networks/initial-parameters.js";
import { createNetwork } from "../../src/training/networks/registry.js";
import type { TrainOptions } from "../../src/training/train-options.js";
import { resolveTraining } from "../../src/training/train-setting.js";
import { batchMaker } from "../../src/training/training-batch.js";
import { TrainingSlot } from "../../src/training/training-slot.js";

const engine = await createEngine();
afterAll(() => engine.dispose());

function rowOf(options: TrainOptions, step: number) {
  const setting = resolveTraining(options);
  const { inputs, times } = batchMaker(setting).training(step);
  return { setting, inputs, times };
}

describe("a batch", () => {
  it("shows x = α x₀ + σ ε and the F* that predicts this x₀, for every prediction", () => {
    const batch = 16;
    for (const sde of [vp(), ve(), rectifiedFlow()]) {
      for (const extra of [
        {},
        { preconditioning: "vp" },
        { preconditioning: "ve" },
        { preconditioning: "none", predicts: "score" },
        { preconditioning: "none", predicts: "noise" },
        { preconditioning: "none", predicts: "velocity" },
      ] as const) {
        const data = toy("two-moons");
        const { setting, inputs, times } = rowOf({ sde, data, batch, seed: 5, weighting: "likelihood", ...extra }, 7);
        const [x, level, target, weight] = inputs;
        const clean = data.sample({ count: batch, seed: 5, firstSample: 7 * batch, stream: "training" }).data;
        const noise = new Float64Array(2 * batch);
        fillNormal({ seed: 5, stream: "training", step: 7, slot: TrainingSlot.NOISE }, 0, noise);
        for (let row = 0; row < batch; row++) {
          const t = times[row]!;
          const [alpha, sigma] = [sde.alpha(t), sde.sigma(t)];
          const { skip, out, in: scale, level: expected } = setting.preconditioning.at(t);
          expect(level![row]).toBe(Math.fround(expected));
          const truth = (x0: number, epsilon: number) =>
            ({
              data: x0,
              noise: epsilon,
              score: -epsilon / sigma,
              velocity: sde.variancePreserving ? alpha * epsilon - sigma * x0 : velocity(sde, t, x0, epsilon),
            })[setting.preconditioning.predicts];
          // At a fixed state, the noise and the prediction change together; the weight is g² on the score.
          const slope = truth(-sigma / alpha, 1);
          const noisePerOutput = out / slope;
          const perOutput = (sde.diffusion(t) * noisePerOutput) / sigma;
          // The weight is stored in float32; its formula cancels a digit or two of float64 at most.
          expect(Math.abs(weight![row]! / (perOutput * perOutput) - 1)).toBeLessThan(2 ** -23);
          for (let i = 2 * row; i < 2 * row + 2; i++) {
            const state = alpha * clean[i]! + sigma * noise[i]!;
            expect(x![i]).toBe(Math.fround(scale * state));
            const prediction = skip * state + out * target![i]!;
            const wanted = truth(clean[i]!, noise[i]!);
            // Rounding of F* to float32, and of the two terms that make F*.
            const size = Math.abs(out * target![i]!) + Math.abs(skip * state) + Math.abs(wanted);
            expect(Math.abs(prediction - wanted)).toBeLessThanOrEqual(2 ** -23 * size);
          }
        }
      }
    }
  });

  it("weighs a row by the factor of its time", () => {
    const sde = vp();
    const recipe = {
      weighting: "likelihood",
      timeSampling: "importance",
      preconditioning: "none",
      predicts: "noise",
    } as const;
    const { setting, inputs, times } = rowOf({ sde, data: toy("bimodal"), batch: 32, ...recipe }, 3);
    const weight = inputs[3]!;
    for (const [row, t] of times.entries()) {
      // g² on the score is g²/σ² on the noise; stored in float32.
      const expected = (sde.diffusion(t) / sde.sigma(t)) ** 2 * setting.timeSampling.factor(t);
      expect(Math.abs(weight[row]! / expected - 1)).toBeLessThan(2 ** -23);
    }
  });

  it("of held-out data has times and noise of its own", () => {
    const maker = batchMaker(resolveTraining({ sde: vp(), data: toy("bimodal"), batch: 8, timeSampling: "uniform" }));
    const training = new Set(maker.training(0).times.slice());
    for (const t of maker.validation(0).times) expect(training).not.toContain(t);
    expect(maker.validation(1).times.slice()).not.toEqual(maker.validation(0).times.slice());
  });

  it("has inputs and F* of mean square 1 under edm preconditioning, whatever the mean of the data", () => {
    const data = gaussian({ mean: [3, -1], standardDeviation: 0.5 });
    const batch = 4096;
    for (const options of [{ data }, { data: data.sample({ count: 20_000, seed: 1 }), standardise: false }]) {
      const { inputs } = rowOf({ sde: vp(), batch, ...options }, 0);
      for (const values of [inputs[0]!, inputs[2]!]) {
        const square = Array.from(values).reduce((sum, value) => sum + value * value, 0) / values.length;
        // Squares of 4096 rows with a standard deviation of at most 2: four standard errors.
        expect(Math.abs(square - 1)).toBeLessThan((4 * 2) / Math.sqrt(batch));
      }
    }
  });

  it("goes through every row of an array once per epoch, in another order each time", () => {
    const rows = Float64Array.from({ length: 40 }, (_, i) => i + 1);
    const data = ndarray(rows, [40, 1]);
    const setting = resolveTraining({ sde: vp(), data, batch: 9, validation: 0.1, standardise: false });
    const { source } = setting;
    const seen: number[][] = [[], []];
    const out = new Float64Array(9);
    const labels = new Int32Array(9);
    for (let step = 0; step < 8; step++) {
      source.fillTraining(step * 9, out, labels);
      seen[Math.floor(step / 4)]!.push(...out);
    }
    const held = new Float64Array(4);
    source.fillValidation(0, held, new Int32Array(4));
    const sorted = (values: Iterable<number>) => [...values].sort((a, b) => a - b);
    for (const epoch of seen) expect(sorted([...epoch, ...held])).toEqual([...rows]);
    expect(seen[0]).not.toEqual(seen[1]);
  });

  it("hides a class from a share of the rows, and shows the others theirs", () => {
    const count = 400;
    const data = ndarray(
      Float64Array.from({ length: count }, (_, i) => i),
      [count, 1],
    );
    const labels = Int32Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 0 : 2));
    const options = {
      sde: vp(),
      data,
      labels,
      batch: 360,
      dropout: 0.25,
      standardise: false,
      dataStandardDeviation: 100,
    };
    const { inputs, setting } = rowOf(options, 0);
    const [, , label] = inputs;
    expect(setting.network.classes).toBe(3);
    let hidden = 0;
    for (let row = 0; row < 360; row++) {
      const hot = [...label!.subarray(3 * row, 3 * row + 3)];
      expect(hot[1]).toBe(0);
      expect(hot.reduce((sum, value) => sum + value, 0)).toBeLessThanOrEqual(1);
      if (hot.every((value) => value === 0)) hidden++;
    }
    // Binomial(360, 1/4): four standard deviations.
    expect(Math.abs(hidden - 90)).toBeLessThan(4 * Math.sqrt(360 * 0.25 * 0.75));
    const clean = new Float64Array(360);
    const classes = new Int32Array(360);
    setting.source.fillTraining(0, clean, classes);
    for (let row = 0; row < 360; row++) expect(classes[row]).toBe(labels[clean[row]!]);
  });
});

function velocity(sde: ReturnType<typeof ve>, t: number, clean: number, noise: number): number {
  const h = 1e-6 * t;
  const rate = (value: (time: number) => number) => (value(t + h) - value(t - h)) / (2 * h);
  if (sde.name === "rectified-flow") return noise - clean;
  return rate(sde.alpha) * clean + rate(sde.sigma) * noise;
}

it("the loss is the mean of weight · ‖F − F*‖² / dimension, with those of the rows", async () => {
  const network = createNetwork("mlp:width=4,depth=1", { shape: [2], classes: 0 });
  const program = await engine.compileGradient(lossFunction(network, 2));
  // With parameters 0, F is 0.
  const silent = new Float32Array(parameterCount(network.parameters));
  const target = Float32Array.of(3, 1, 0, 2);
  const given = [new Float32Array(4), new Float32Array(2), target, Float32Array.of(1, 0.5)];
  const { loss, auxiliary } = await program.run(silent, given);
  expect(loss).toBe(3);
  expect([...auxiliary[0]!]).toEqual([5, 1]);
});

describe("the gradient of denoising score matching", () => {
  it("is that of explicit score matching (Vincent 2011), by quadrature over x₀ and ε", async () => {
    // Two points as data: x₀ has two values, so that the expectation over (x₀, ε) is a sum of two integrals over ε.
    const sde = vp();
    const t = 0.35;
    const [alpha, sigma] = [sde.alpha(t), sde.sigma(t)];
    const points = Float64Array.from({ length: 10 }, (_, i) => (i < 3 ? -1 : 0.8));
    const target = empirical({ data: points, dimension: 1 });
    const nodes = 200;
    const count = 2 * nodes;
    const network = createNetwork("mlp:width=12,depth=2", { shape: [1], classes: 0 });
    const program = await engine.compileGradient(lossFunction(network, count));
    const parameters = initialParameters(network, 3).map((value, i) => value + 0.1 * Math.sin(i));
    expect(parameters.length).toBe(parameterCount(network.parameters));
    const states = new Float64Array(count);
    const noise = new Float64Array(count);
    const weight = new Float32Array(count);
    const step = 16 / nodes;
    for (let k = 0; k < nodes; k++) {
      // The trapezoidal rule on [−8, 8] is exact to rounding for these analytic integrands.
      const z = -8 + (k + 0.5) * step;
      for (const [j, [point, share]] of [[-1, 0.3] as const, [0.8, 0.7] as const].entries()) {
        const row = 2 * k + j;
        states[row] = alpha * point + sigma * z;
        noise[row] = z;
        weight[row] = count * share * step * (Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI));
      }
    }
    const exact = new Float64Array(count);
    await exactScore(target, sde).evaluate({ x: states, times: new Float64Array(count).fill(t), count }, exact);
    const x = Float32Array.from(states);
    const level = new Float32Array(count).fill(0.2);
    // F predicts the noise: F* = ε for the denoising loss, −σ s(x) for the explicit one.
    const denoising = await program.run(parameters, [x, level, Float32Array.from(noise), weight]);
    const explicit = await program.run(parameters, [x, level, Float32Array.from(exact, (s) => -sigma * s), weight]);
    const size = Math.sqrt(denoising.gradient.reduce((sum, g) => sum + g * g, 0));
    let difference = 0;
    for (const [i, g] of denoising.gradient.entries())
      difference = Math.max(difference, Math.abs(g - explicit.gradient[i]!));
    // float32 sums of 400 terms of size 1.
    expect(difference).toBeLessThan(400 * 2 ** -24 * Math.max(1, size));
    expect(size).toBeGreaterThan(0.05);
    // The losses differ by the conditional variance of the noise, which no network can remove.
    let variance = 0;
    for (let row = 0; row < count; row++) variance += (weight[row]! / count) * (noise[row]! + sigma * exact[row]!) ** 2;
    // Three float32 sums of `count` squares of size 1 or less, each divided by it.
    expect(Math.abs(denoising.loss - explicit.loss - variance)).toBeLessThan(
      3 * count * 2 ** -24 * Math.max(1, denoising.loss),
    );
    expect(variance).toBeGreaterThan(0.05);
  });
});
