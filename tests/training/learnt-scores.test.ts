import { describe, expect, it } from "vitest";
import { sample } from "../../src/sampling/sample.js";
import { exactScore } from "../../src/scores/exact-score.js";
import { rectifiedFlow, vp } from "../../src/sdes/index.js";
import { gaussian, toy } from "../../src/targets/index.js";
import { defineNetwork, train, weights, zeros } from "../../src/training/index.js";
import { smallTraining } from "./small-training.js";

const { engine, options: SMALL } = await smallTraining();

describe("what is learnt", () => {
  it("a linear network on Gaussian data: the coefficients of the exact score", async () => {
    const sde = vp();
    const [mean, deviation] = [0.7, 0.5];
    // Where α² s² is a tenth of the variance: the noise is then known to 0.1 from the state.
    const t = sde.timeAtLogSnr(0.5 * Math.log(0.3077 / 0.6923));
    const [alpha, sigma] = [sde.alpha(t), sde.sigma(t)];
    const variance = alpha * alpha * deviation * deviation + sigma * sigma;
    const { model } = await train({
      sde,
      data: gaussian({ mean, standardDeviation: deviation }),
      network: defineNetwork({
        name: "linear",
        parameters: () => [weights("slope", [1, 1], 1), zeros("offset", [1])],
        apply: (tf, { x }, parameter) => tf.add(tf.matMul(x, parameter("slope")), parameter("offset")),
      }),
      preconditioning: "none",
      predicts: "noise",
      weighting: "simple",
      timeSampling: { name: "one time", fromUniform: () => t, density: () => 1, factor: () => 1 },
      steps: 1200,
      batch: 2048,
      learningRate: 0.02,
      validateEvery: 1200,
      engine,
    });
    const slope = sigma / variance;
    // Least squares on the million samples that the average weighs: standard error √(0.1/10⁶) = 3e-4.
    const [learntSlope, learntOffset] = model.trained.parameters;
    expect(Math.abs(learntSlope! - slope)).toBeLessThan(1e-3);
    expect(Math.abs(learntOffset! + slope * alpha * mean)).toBeLessThan(1e-3);
    const x = Float64Array.of(-1, 0, 2);
    const score = new Float64Array(3);
    await model.as("score").evaluate({ x, times: new Float64Array(3).fill(t), count: 3 }, score);
    for (let i = 0; i < 3; i++) expect(Math.abs(score[i]! + (x[i]! - alpha * mean) / variance)).toBeLessThan(4e-3);
    await model.dispose();
  });

  it("the score of a bimodal law, better and better; samples of it have both modes", async () => {
    const { model, history, status } = await train({
      ...SMALL,
      network: "mlp:width=48,depth=3",
      batch: 256,
      steps: 400,
      learningRate: 1e-2,
      warmUp: 20,
      validateEvery: 50,
      reportEvery: 50,
      average: 0.98,
    });
    expect(status).toBe("success");
    const total = history.map(({ scoreError }) => scoreError!.reduce((sum, { value }) => sum + value, 0));
    expect(total.at(-1)!).toBeLessThan(0.2 * total[0]!);
    expect(history.at(-1)!.validationLoss!).toBeLessThan(history[0]!.validationLoss!);
    const result = await sample({ sde: SMALL.sde, model, solver: "ode-heun", steps: 20, samples: 512, seed: 4 });
    const right = result.samples.data.filter((x) => x > 0).length / 512;
    // Weight 0.6: by the data processing inequality and Pinsker's, |w − 0.6| ≤ √(KL/2) with KL ≤ ½ ∫ g² E‖s_θ − s‖² dt
    // for the reverse SDE; the same budget and four standard errors of 512 draws for the flow.
    const steps = history.at(-1)!.scoreError!;
    const { sde } = SMALL;
    const share = (sde.logSnr(sde.tMin) - sde.logSnr(sde.tMax)) / steps.length;
    const divergence = steps.reduce((sum, { value }) => sum + value * share, 0);
    expect(divergence).toBeLessThan(0.5);
    expect(Math.abs(right - 0.6)).toBeLessThan(Math.sqrt(divergence / 2) + 4 * Math.sqrt(0.24 / 512));
    await model.dispose();
  });

  it("the velocity of the rectified flow by the recipe of flow matching", async () => {
    const { model, history } = await train({
      ...SMALL,
      sde: rectifiedFlow(),
      recipe: "flow-matching",
      network: "mlp:width=48,depth=3",
      batch: 256,
      steps: 300,
      learningRate: 1e-2,
      warmUp: 20,
      average: 0.98,
      validateEvery: 20,
      reportEvery: 20,
    });
    expect(model.predicts).toBe("velocity");
    const total = history.map(({ scoreError }) => scoreError!.reduce((sum, { value }) => sum + value, 0));
    expect(total.at(-1)!).toBeLessThan(0.2 * total[0]!);
    // The velocity is ε − x₀: the model's conversions hold it against the exact score.
    const [x, score, velocity] = [Float64Array.of(0.3), new Float64Array(1), new Float64Array(1)];
    const batch = { x, times: Float64Array.of(0.5), count: 1 };
    await model.evaluate(batch, velocity);
    await exactScore(toy("bimodal"), rectifiedFlow()).as("velocity").evaluate(batch, score);
    // v = −x/α − (σ/α) s, so that at t = ½ it is off by twice σ|s_θ − s|: four times the root mean square that was measured near it.
    const measured = history.at(-1)!.scoreError!.toSorted((a, b) => Math.abs(a.t - 0.5) - Math.abs(b.t - 0.5));
    expect(Math.abs(velocity[0]! - score[0]!)).toBeLessThan(4 * 2 * Math.sqrt(measured[0]!.value));
    await model.dispose();
  });
});
