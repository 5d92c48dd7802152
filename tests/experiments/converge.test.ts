import { describe, expect, it } from "vitest";
import { eulerMaruyama, oneStepSolver, probabilityFlowHeun } from "../../solvers/index.js";
import type { FixedSolver } from "../../solvers/types.js";
import { loadSolver } from "../../src/cli/load-solver.js";
import { converge } from "../../src/experiments/converge.js";
import type { ConvergeConfig } from "../../src/experiments/converge-config.js";
import { convergeChart, convergeHeadline } from "../../src/reports/converge-chart.js";
import { convergeJson } from "../../src/reports/converge-json.js";
import { convergeMarkdown, convergeText } from "../../src/reports/converge-table.js";
import { SolverError } from "../../src/sampling/guard-solver.js";
import { createSde } from "../../src/sdes/registry.js";
import { createTarget, gaussian } from "../../src/targets/index.js";
import { layerOf } from "../reports/layers.js";

const loaded = await loadSolver("tests/fixtures/own-solver.mjs");
if (loaded.kind !== "fixed") throw new Error("a solver on a grid");
const ownHeun: FixedSolver = loaded;

const vp = await createSde("vp");
const law = gaussian({ mean: 0.7, standardDeviation: 0.5 });
const steps = [40, 80, 160, 320];

async function rowOf(solver: ConvergeConfig["solvers"][number], options: Partial<ConvergeConfig> = {}) {
  const { rows } = await converge({ sde: vp, target: law, solvers: [solver], steps, ...options });
  return rows[0]!;
}

describe("known orders on N(0.7, 0.5²) under VP", () => {
  it.each([
    ["em", 1, "law", "W2"],
    ["stochastic-heun", 2, "law", "W2"],
    ["ode-heun", 2, "deterministic", "RMS"],
    ["ode-rk4", 4, "deterministic", "RMS"],
    ["ddim", 1, "deterministic", "RMS"],
  ] as const)("%s: %d, by %s in %s", async (solver, order, kind, distance) => {
    const row = await rowOf(solver);
    expect(row).toMatchObject({ verdict: "certified", expected: order, kind, distance, range: [40, 320] });
    expect(row.statement).toMatch(
      new RegExp(
        `^certified ${order}, measured .* on gaussian\\(mean=0.7,standardDeviation=0.5\\), vp, uniform, 40–320 steps$`,
      ),
    );
  });

  it("dpm++2m: 2 on the log-snr grid, where it is at home", async () => {
    expect(await rowOf("dpm++2m", { grid: "log-snr" })).toMatchObject({ verdict: "certified", expected: 2 });
  });

  it("errors of em are those of the golden moments", async () => {
    // Reference figures of W2 at 50 and 100 steps to four digits (independent float64 recursion).
    const { points } = await rowOf("em", { steps: [50, 100] });
    expect(points[0]!.error).toBeCloseTo(1.156e-2, 5);
    expect(points[1]!.error).toBeCloseTo(5.625e-3, 6);
  });

  it("end points against transport and the law's W2 agree: both are the L² error of an affine map", async () => {
    const exact = await rowOf("ode-heun", { kind: "law" });
    const paths = await rowOf("ode-heun", { kind: "deterministic", samples: 4096 });
    for (const [k, { error }] of exact.points.entries()) {
      // Means over 4096 draws: relative errors of about 1/√4096, four of them.
      expect(Math.abs(paths.points[k]!.error / error - 1)).toBeLessThan(4 / 64);
    }
  });
});

describe("strong order", () => {
  it("em is of order 1 with additive noise, on one Brownian path", async () => {
    const row = await rowOf("em", { kind: "strong", steps: [20, 40, 80, 160], samples: 256 });
    expect(row).toMatchObject({ verdict: "certified", kind: "strong", expected: 1, distance: "RMS" });
    for (const { standardError } of row.points) expect(standardError).toBeGreaterThan(0);
    expect(row.statement).toMatch(/^certified 1 \(strong\), measured/);
  });

  it("with noise that is no path's the differences do not fall", async () => {
    // The counter noise of step i, whatever its times: another path on every grid.
    const { create, ...facts } = eulerMaruyama;
    const inner = create();
    const scrambled = {
      ...facts,
      ...inner,
      name: "scrambled",
      run: (problem: Parameters<typeof inner.run>[0]) =>
        inner.run({
          ...problem,
          space: {
            ...problem.space,
            noise: (_interval, step, slot) =>
              problem.space.noise({ from: 0.5 + 0.4 / (step + 2), to: 0.5 }, step, slot),
          },
        }),
    } as typeof inner;
    expect((await rowOf(scrambled, { kind: "strong", steps: [10, 20, 40, 80], samples: 128 })).verdict).toBe("missed");
  });

  it("refuses noise that belongs to no stretch of time", async () => {
    const row = await rowOf("pc", { kind: "strong" });
    expect(row.verdict).toBe("not measured");
    expect(row.statement).toContain("a corrector's");
  });
});

describe("1-D mixtures", () => {
  it("em and ode-heun by the W1 of the exact law", async () => {
    const target = createTarget("trimodal");
    const { rows } = await converge({ sde: vp, target, solvers: ["em", "ode-heun"], steps: [40, 80, 160, 320] });
    expect(rows.map(({ verdict, kind, distance }) => [verdict, kind, distance])).toEqual([
      ["certified", "law", "W1"],
      ["certified", "law", "W1"],
    ]);
  });

  it("holds a solver against itself where no transport is known", async () => {
    const target = createTarget("eight-gaussians");
    const row = await rowOf("ode-rk4", { target, samples: 64, steps: [80, 160] });
    expect(row.against).toContain("twice as many steps");
    expect(row.ratios[0]!.order).toBeGreaterThan(3);
  });
});

describe("solvers that are wrong", () => {
  const wrong = (name: string, order: number, noise: number) =>
    oneStepSolver({
      name,
      summary: "Euler–Maruyama with a noise of the wrong size",
      source: "an example",
      stochastic: true,
      order,
      evaluationsPerStep: 1,
      options: {},
      step: () => async (context, x, step) => {
        const { schedule, space } = context;
        const h = step.t - step.u;
        const g = schedule.diffusion(step.t);
        const score = await context.score(x, step.t);
        const drift = [1 - h * schedule.driftCoefficient(step.t), h * g * g];
        return space.combine([...drift, noise * g * Math.sqrt(h)], [x, score, context.normal(step)]);
      },
    }).create();

  it("the right one passes", async () => {
    expect((await rowOf(wrong("right", 1, 1))).verdict).toBe("certified");
  });

  it("a noise 2 % too small has another limit", async () => {
    const row = await rowOf(wrong("quiet", 1, 0.98));
    expect(row.verdict).toBe("missed");
    expect(row.statement).toMatch(/^order 1 not certified: the last ratios are/);
  });

  it("order 2 declared of a method of order 1", async () => {
    expect((await rowOf(wrong("boaster", 2, 1))).verdict).toBe("missed");
  });

  it("a change of sign is no order: RK4 on N(0, 2²)", async () => {
    const row = await rowOf("ode-rk4", {
      target: gaussian({ mean: 0, standardDeviation: 2 }),
      steps: [25, 50, 100, 200],
    });
    expect(row.verdict).toBe("inconclusive");
    expect(row.statement).toContain("changes sign between 50 and 100 steps");
  });

  it("N(0, 1) shows nothing: the flow stands still", async () => {
    const row = await rowOf("ode-euler", { target: gaussian({ mean: 0, standardDeviation: 1 }) });
    expect(row.verdict).toBe("exact");
    expect(row.statement).toContain("every error is rounding");
  });
});

it("an own solver gets the certificate of the known one it copies, and its errors", async () => {
  const own = await rowOf(ownHeun);
  const known = await rowOf(probabilityFlowHeun.create());
  expect(own.verdict).toBe("certified");
  for (const [k, { error }] of own.points.entries()) {
    // The same map, summed in another order.
    expect(Math.abs(error - known.points[k]!.error)).toBeLessThan(1e-13);
  }
});

it("adaptive solvers, and noise where none may be, are not measured", async () => {
  expect((await rowOf("rk45")).statement).toContain("chooses its own steps");
  expect((await rowOf("em", { kind: "deterministic" })).statement).toContain("draws noise");
});

it.each([
  [{ steps: [100] }, "at least two"],
  [{ steps: [0, 10] }, "steps: must be a whole number"],
  [{ samples: 1 }, "samples: must be"],
  [{ solvers: [] }, "at least one"],
  [{ solvers: ["emm"] }, "Did you mean 'em'"],
  [{ grid: "unifrom" }, "Did you mean 'uniform'"],
] as const)("refuses %o before any work", async (options, message) => {
  await expect(converge({ sde: vp, target: law, solvers: ["em"], ...options })).rejects.toThrow(message);
});

it("a solver that throws says where", async () => {
  const { guardSolver } = await import("../../src/sampling/guard-solver.js");
  const broken = guardSolver({
    ...ownHeun,
    name: "broken",
    run() {
      throw new Error("no such luck");
    },
  });
  await expect(rowOf(broken)).rejects.toThrow(SolverError);
  await expect(rowOf(broken)).rejects.toThrow("broken: threw in the step from t = 1: no such luck");
});

it("stops between runs, keeping finished rows", async () => {
  const controller = new AbortController();
  const { rows } = await converge(
    { sde: vp, target: law, solvers: ["em", "ddim"], steps },
    {
      signal: controller.signal,
      onProgress: (what) => {
        if (what === "ddim, 80 steps") controller.abort();
      },
    },
  );
  expect(rows.map(({ solver }) => solver)).toEqual(["em"]);
});

describe("how it is told", async () => {
  const result = await converge({ sde: vp, target: law, solvers: ["em", "ode-rk4", "rk45"], steps });

  it("shows every ratio with the expected order beside it", () => {
    const lines = convergeText(result).split("\n");
    const row = lines.find((line) => /ode-rk4 .* 80 /.test(line));
    expect(row?.trim().split(/\s{2,}/)).toEqual(["ode-rk4", "deterministic, RMS", "80", "3.15e-8", "4.08", "4"]);
    expect(lines.filter((line) => line.startsWith("em ")).length).toBe(steps.length);
    expect(convergeText(result)).toContain("em: certified 1, measured 1.0");
    expect(convergeMarkdown(result)).toContain("- rk45: not measured");
  });

  it("as JSON of schema score-sde/converge@1, the same every time but for the clock", async () => {
    const again = await converge({ sde: vp, target: law, solvers: ["em", "ode-rk4", "rk45"], steps });
    expect(again.rows).toEqual(result.rows);
    const parsed = JSON.parse(convergeJson(result));
    expect(parsed).toMatchObject({ schema: "score-sde/converge@1", grid: "uniform", stamp: { seed: 0 } });
    expect(parsed.rows[1].ratios).toHaveLength(steps.length - 1);
  });

  it("as a chart whose guides have the declared slope and end in the finest error that counts", () => {
    const chart = convergeChart(result);
    const guides = layerOf(chart, "guides").data.values as {
      steps: number;
      error: number;
      steps2: number;
      error2: number;
    }[];
    const slopes = guides.map(({ steps: n, error, steps2, error2 }) => Math.log(error / error2) / Math.log(steps2 / n));
    expect(slopes[0]).toBeCloseTo(1, 10);
    expect(slopes[1]).toBeCloseTo(4, 10);
    expect(guides[0]!.error2).toBe(result.rows[0]!.points.at(-1)!.error);
    expect(convergeHeadline(result)).toBe("2 of 2 solvers have a certified order");
  });
});

it("stops in the middle of a long run along paths", async () => {
  const config = {
    sde: vp,
    target: createTarget("bimodal"),
    solvers: ["em"],
    steps: [100_000, 200_000],
    samples: 4096,
  };
  const signal = AbortSignal.timeout(50);
  // Minutes of work, were it done.
  expect((await converge({ ...config, kind: "strong" }, { signal })).rows).toEqual([]);
});
