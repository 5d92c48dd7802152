import { describe, expect, it } from "vitest";
import { sampleReport } from "../../src/experiments/sample-report.js";
import { stamp } from "../../src/experiments/stamp.js";
import { momentLines } from "../../src/reports/moment-lines.js";
import { resolveSolver } from "../../src/sampling/resolve.js";
import { sample } from "../../src/sampling/sample.js";
import { vp } from "../../src/sdes/index.js";
import { gaussian } from "../../src/targets/index.js";

const sde = vp();

async function reportOf(mean: readonly number[]) {
  const target = gaussian({ mean, covariance: mean.map((_, i) => mean.map((__, j) => (i === j ? 0.25 : 0))) });
  const result = await sample({ sde, target, solver: "em", steps: 2, samples: 50 });
  const solver = resolveSolver("em");
  const facts = {
    sde,
    target,
    solver,
    grid: null,
    posterior: "mean",
    denoise: false,
    firstSample: 0,
    seconds: 1,
  } as const;
  const started = new Date(0);
  return {
    result,
    report: sampleReport({ ...facts, result, stamp: stamp({ seed: 0, config: {}, argv: [], started, seconds: 1 }) }),
  };
}

describe("moments of samples", () => {
  it("are those of each dimension up to six", async () => {
    const { report } = await reportOf([0, 1, 2, 3, 4, 5]);
    const lines = momentLines(report);
    expect(lines.map(([label]) => label).slice(4, 8)).toEqual(["mean 4", "mean 5", "covariance 0", "covariance 1"]);
    expect(lines).toHaveLength(12);
    expect(momentLines({ ...report, data: null }).every(([, text]) => !text.includes("data"))).toBe(true);
  });

  it("are those of all numbers beyond", async () => {
    const { report, result } = await reportOf([0, 1, 2, 3, 4, 5, 6]);
    const all = [...result.samples.data];
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
    const [[label, text], data] = momentLines(report) as [[string, string], [string, string]];
    expect(label).toBe("numbers");
    const [shownMean, shownDeviation] = [...text.matchAll(/-?\d+\.\d+/g)].map(Number) as [number, number];
    expect(shownMean).toBeCloseTo(mean, 2);
    // The variance within dimensions is the unbiased one, 1/50 greater.
    const square = all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length;
    expect(Math.abs(shownDeviation / Math.sqrt(square) - 1)).toBeLessThan(0.011);
    // Means 0 … 6 have mean 3 and variance 4.
    expect(data).toEqual(["data", `mean 3.000, standard deviation ${Math.sqrt(4.25).toPrecision(4)}`]);
    expect(momentLines({ ...report, data: null })).toHaveLength(1);
  });
});
