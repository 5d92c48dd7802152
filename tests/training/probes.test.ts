import { afterAll, describe, expect, it } from "vitest";
import { createEngine, parameterCount } from "../../src/engine/index.js";
import { slicedWasserstein, wasserstein2 } from "../../src/metrics/index.js";
import { vp } from "../../src/sdes/index.js";
import { gaussian } from "../../src/targets/index.js";
import { targetSource } from "../../src/training/data-source.js";
import { mlp } from "../../src/training/index.js";
import { compareDistances, nearestDistances } from "../../src/training/memorisation.js";
import { preconditioning } from "../../src/training/preconditioning.js";
import { samplingProbe } from "../../src/training/sampling-error.js";
import { scoreErrorProbe } from "../../src/training/score-error.js";

const engine = await createEngine();
afterAll(() => engine.dispose());

const sde = vp();
const deviation = 0.5;

/** A network that answers 0: under edm preconditioning the best denoiser of N(0, deviation²). */
function silent(dimension: number) {
  const network = mlp({ width: 4, depth: 1 })({ shape: [dimension], classes: 0 });
  const scheme = preconditioning({ name: "edm", sde, predicts: "data", dataStandardDeviation: deviation });
  return {
    setting: { sde, network, preconditioning: scheme, engine, seed: 3 },
    parameters: new Float32Array(parameterCount(network.parameters)),
  };
}

describe("the true score error", () => {
  it.each([[[0, 0]], [[0.7, -1]]])(
    "of the score of N(0, s²) on data of mean %j is known in closed form",
    async (mean) => {
      const { setting, parameters } = silent(2);
      const probe = await scoreErrorProbe({ ...setting, target: gaussian({ mean, standardDeviation: deviation }) });
      const buckets = await probe.measure(parameters);
      await probe.dispose();
      expect(buckets.length).toBe(8);
      const [low, high] = [sde.logSnr(sde.tMax), sde.logSnr(sde.tMin)];
      for (const [k, { t, value }] of buckets.entries()) {
        expect(Math.abs(sde.logSnr(t) - (low + ((k + 0.5) * (high - low)) / 8))).toBeLessThan(1e-11);
        // Both scores are linear with one slope: they differ by α m/(α² s² + σ²) at every x.
        const [alpha, sigma] = [sde.alpha(t), sde.sigma(t)];
        const gap = (sigma * alpha) / (alpha * alpha * deviation * deviation + sigma * sigma);
        const expected = gap * gap * (mean[0]! ** 2 + mean[1]! ** 2);
        // Rounding of scores of size 1/σ ≤ 100, squared only where they differ.
        expect(Math.abs(value - expected)).toBeLessThan(1e-11 * expected + 1e-24);
      }
    },
  );
});

describe("the sampling error", () => {
  it("on the line is W2 to the law, beside that of exact samples", async () => {
    const target = gaussian({ mean: 0, standardDeviation: deviation });
    const { setting, parameters } = silent(1);
    const probe = await samplingProbe({ ...setting, target, source: targetSource(target, 3) });
    const report = await probe!.measure(parameters);
    await probe!.dispose();
    const { error, memorisation, points } = report!;
    expect(memorisation).toBe(null);
    expect(error).toMatchObject({ metric: "w2", samples: 1024 });
    expect(error.value).toBe(wasserstein2(points, target));
    const floors = [0, 1, 2, 3, 4].map((run) =>
      wasserstein2(target.sample({ count: 1024, seed: 3, stream: "floor", run }).data, target),
    );
    expect(error.floor).toBeCloseTo(
      floors.reduce((sum, floor) => sum + floor / 5, 0),
      14,
    );
    // The score is exact: what is left is the floor, of which five have a largest and a smallest far apart, and the solver's 1e-3.
    expect(error.value!).toBeLessThan(3 * error.floor);
  });

  it("against held-out rows is the sliced W2 to them, with copies of the training data told", async () => {
    const target = gaussian({ mean: [0, 0], standardDeviation: deviation });
    const { setting, parameters } = silent(2);
    const [training, held] = [0, 1].map((run) => target.sample({ count: 600, seed: 5, run }).data);
    const source = {
      ...targetSource(target, 3),
      trainingCount: 600,
      validationCount: 600,
      fillTraining: (first: number, out: Float64Array) =>
        out.set(training!.subarray(2 * first, 2 * first + out.length)),
      fillValidation: (first: number, out: Float64Array) => out.set(held!.subarray(2 * first, 2 * first + out.length)),
    };
    const probe = await samplingProbe({ ...setting, target: null, source });
    const { error, memorisation, points } = (await probe!.measure(parameters))!;
    await probe!.dispose();
    const sliced = slicedWasserstein(held!, 2);
    expect(error).toEqual({ metric: "slicedW2", value: sliced.w2(points), floor: sliced.w2(training!), samples: 600 });
    // Independent samples of one law are as near to the training data as held-out rows.
    expect(Math.abs(memorisation!.closer - 0.5)).toBeLessThan(4 * memorisation!.standardError);
    expect(memorisation).toEqual(
      compareDistances(nearestDistances(points, training!, 2), nearestDistances(held!, training!, 2)),
    );
  });
});
