import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { kernels, useKernels } from "../../../solvers/kernels/kernels.js";
import { expm1Rows, expRows } from "../../../solvers/math/exponential-rows.js";
import { fillNormal } from "../../../solvers/noise/normal.js";
import { sample } from "../../../src/sampling/sample.js";
import { exactScore } from "../../../src/scores/exact-score.js";
import { vp } from "../../../src/sdes/index.js";
import { mixture, toy } from "../../../src/targets/index.js";

afterEach(() => useKernels(true));

/** The same numbers from the kernel and from its twin, compared bit by bit. */
function expectSameBits(compute: () => Float64Array): void {
  useKernels(true);
  const fast = compute();
  useKernels(false);
  const twin = compute();
  // -0 and 0 differ here.
  expect(Buffer.from(fast.buffer).equals(Buffer.from(twin.buffer))).toBe(true);
}

/** Equidistant numbers, out of step with the times of steps and blocks. */
const spread = (from: number, to: number, count: number) =>
  Float64Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

const laws = {
  "three modes": { weights: [0.3, 0.5, 0.2], means: [-2, 0.5, 2], standardDeviations: [0.3, 0.4, 0.25] },
  // Factors 1e8 apart: the cutoff of negligible components moves.
  "widths and weights far apart": {
    weights: [1e-9, 0.5, 0.5 - 1e-9],
    means: [-2, 0.5, 2],
    standardDeviations: [0.3, 1e-5, 3],
  },
};

describe("kernels and their TypeScript twins give the same bits", () => {
  it("the module loads here", () => {
    expect(kernels()).not.toBeNull();
  });

  it.each([
    [0, 17],
    [1, 100],
    [2 ** 34 - 101, 1000],
    [3, 5001],
  ])("normals from element %i on, %i of them", (first, length) => {
    const name = { seed: 123456789012, stream: "sampler", run: 3, step: 7, slot: 2 } as const;
    expectSameBits(() => {
      const out = new Float64Array(length);
      fillNormal(name, first, out);
      return out;
    });
  });

  it.each([15, 16, 4096, 9001])("exponentials of %i numbers", (count) => {
    for (const [rows, from, to] of [
      [expRows, -707.9, 708.9],
      [expRows, -800, 800],
      [expm1Rows, -37.9, 39.9],
      [expm1Rows, -1, 1],
      [expm1Rows, -60, 60],
    ] as const) {
      expectSameBits(() => {
        const out = spread(from, to, count);
        rows(out, count, out);
        return out;
      });
    }
  });

  describe.each(Object.entries(laws))("%s", (_name, law) => {
    it.each([8, 1024, 3001])("scores of %i points of one time", (count) => {
      const target = mixture(law);
      for (const [alpha, sigma] of [
        [1, 1e-3],
        [0.7, 0.6],
        [1e-3, 1],
      ] as const) {
        expectSameBits(() => {
          const out = new Float64Array(count);
          target.perturbed(alpha, sigma).score(spread(-6, 6, count), count, out);
          return out;
        });
      }
    });

    it.each([8, 1024, 3001])("scores of %i points that each have their own time", (count) => {
      const target = mixture(law);
      expectSameBits(() => {
        const out = new Float64Array(count);
        target.scoreRows?.(spread(-6, 6, count), spread(1, 1e-3, count), spread(1e-3, 1, count), count, out);
        return out;
      });
    });
  });

  it.each(["eight-gaussians", "two-moons"] as const)("scores in the plane: %s", (name) => {
    const count = 1501;
    const points = Float64Array.from(spread(-4, 4, 2 * count), (value, i) => (i % 2 === 0 ? value : 0.3 * value));
    for (const sigma of [0.01, 1]) {
      expectSameBits(() => {
        const out = new Float64Array(2 * count);
        toy(name).perturbed(0.9, sigma).score(points, count, out);
        return out;
      });
    }
  });

  it.each(["em", "rk45"])("a run of %s", async (solver) => {
    const target = mixture(laws["three modes"]);
    const sde = vp();
    const run = async (wanted: boolean) => {
      useKernels(wanted);
      const model = exactScore(target, sde);
      const { samples } = await sample({ sde, model, solver, samples: 333, ...(solver === "em" ? { steps: 20 } : {}) });
      return Array.from(samples.data);
    };
    expect(await run(true)).toEqual(await run(false));
  });
});

it("α and σ at many times are those at each", () => {
  const sde = vp();
  const times = spread(1e-3, 1, 999);
  const [alphas, sigmas] = [new Float64Array(999), new Float64Array(999)];
  sde.marginals?.(times, 999, alphas, sigmas);
  expect(Array.from(alphas)).toEqual(Array.from(times, sde.alpha));
  expect(Array.from(sigmas)).toEqual(Array.from(times, sde.sigma));
});

it("the generated module is what its sources compile to", () => {
  const script = resolve(import.meta.dirname, "../../../solvers/kernels/generate.mjs");
  execFileSync(process.execPath, [script, "--check"], { stdio: "pipe" });
});
