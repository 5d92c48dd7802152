import { describe, expect, it } from "vitest";
import { fillUniform } from "../../solvers/noise/normal.js";
import { fokkerPlanckCheck } from "../../src/experiments/fokker-planck-check.js";
import { chiSquare } from "../../src/metrics/chi-square.js";
import { defineModel, exactScore } from "../../src/scores/index.js";
import { createSde, type Sde, ve, vp } from "../../src/sdes/index.js";
import { gaussian, mixture, toy } from "../../src/targets/index.js";
import { normalCdf } from "../../src/targets/special/normal.js";
import { fokkerPlanck2d, type PlaneOptions, type PlaneSolution } from "../../src/verification/fokker-planck/index.js";
import { scoreJacobian } from "../../src/verification/fokker-planck/score-derivatives.js";
import { modelScore } from "../../src/verification/fokker-planck/score-source.js";
import {
  correction,
  extrapolatedChiSquare,
  extrapolatedShares,
} from "../../src/verification/fokker-planck-check/extrapolated-cells.js";
import {
  checkSubject,
  controlsFor,
  densityTransport,
  equationResidual,
  flowSamples,
  forwardLaw,
  forwardSamples,
  gradientCheck,
  planeVolumes,
  reverseEquation,
  reverseSamples,
  scoreResidual,
} from "../../src/verification/fokker-planck-check/index.js";
import { cellCounts, cellsOf, planeCells } from "../../src/verification/fokker-planck-check/plane-cells.js";

const correlated = gaussian({
  mean: [0.5, -0.3],
  covariance: [
    [1, 0.6],
    [0.6, 0.8],
  ],
});

const failed = (checks: readonly { name: string; verdict: string }[]) =>
  checks.filter(({ verdict }) => verdict !== "pass").map(({ name }) => name);

describe("the whole check in the plane", () => {
  it("holds on a Gaussian with correlation, and catches every planted mistake", async () => {
    const { result, pictures } = await fokkerPlanckCheck({ sde: vp(), target: correlated, samples: 400 });
    expect(failed(result.checks)).toEqual([]);
    const catchers = Object.fromEntries(result.controls.map(({ name, by }) => [name, by?.name]));
    expect(catchers).toEqual({
      "scaled-score": "score-equation",
      "time-shifted-score": "score-equation",
      "dropped-half": "transport",
      "flow-sign": "transport",
      "reverse-sign": "reverse-equation",
      "missing-g": "transport",
      "noise-dropped": "transport",
      "diffusion-not-halved": "equation",
      "turned-score": "gradient",
    });
    expect(result.passed).toBe(true);
    expect(result.target.dimension).toBe(2);
    expect(pictures.evolution).toBeNull();
    expect(pictures.plane!.densities.map(({ volumes }) => volumes!.values.length)).toEqual([121, 121, 121]);
    expect(pictures.plane!.residual).toHaveLength(3);
  });

  it.each([vp(), ve()])("holds on eight Gaussians under $name, and catches what it should", async (sde) => {
    const { result } = await fokkerPlanckCheck({ sde, target: toy("eight-gaussians"), samples: 300 });
    expect(failed(result.checks)).toEqual([]);
    expect(result.controls.filter(({ caught }) => !caught)).toEqual([]);
  });

  it("holds on data three thousand of its widths away from the origin", async () => {
    const target = gaussian({ mean: [1000, 50], standardDeviation: [0.3, 0.5] });
    const subject = checkSubject({ sde: vp(), target, samples: 200, seed: 0 });
    const { checks } = await planeVolumes(subject);
    checks.push(await gradientCheck(subject), await reverseEquation(subject), (await scoreResidual(subject, 3)).check);
    expect(failed(checks)).toEqual([]);
  });

  it("holds on a board with edges and corners, part by part", async () => {
    const subject = checkSubject({ sde: vp(), target: toy("checkerboard"), samples: 200, seed: 0 });
    const { checks, solutions } = await planeVolumes({ ...subject, times: subject.times.subarray(0, 2) });
    checks.push(equationResidual(subject), await gradientCheck(subject), await reverseEquation(subject));
    expect(failed(checks)).toEqual([]);
    expect(checks[0]!.reason).toMatch(/order \d\.\d\d seen/);
    expect(solutions).toHaveLength(1);
  });

  it("refuses space, few samples, models of another dimension and nonlinear drifts", async () => {
    const sde = vp();
    const target = toy("two-moons");
    await expect(fokkerPlanckCheck({ sde, target: toy("digits") })).rejects.toThrow(
      /target: the Fokker–Planck check .* end at dimension 2, but 'digits' has dimension 256/,
    );
    await expect(fokkerPlanckCheck({ sde, target, samples: 19 })).rejects.toThrow(/samples: must be at least 20/);
    const model = exactScore(toy("bimodal"), sde);
    await expect(fokkerPlanckCheck({ sde, target, model })).rejects.toThrow(/model: must have the dimension/);
    const doubleWell = await createSde("custom", { drift: "x-x^3", diffusion: "1", tMax: 1 });
    await expect(fokkerPlanckCheck({ sde: doubleWell, target })).rejects.toThrow(/law on the line/);
  });
});

describe("a model in the plane", () => {
  const sde = vp();
  const target = mixture({
    weights: [0.4, 0.6],
    means: [
      [-1, 0],
      [1, 0.5],
    ],
    standardDeviations: [0.4, 0.5],
  });
  const check = (model: ReturnType<typeof exactScore>, modelTolerance: number) =>
    fokkerPlanckCheck({ sde, target, model, modelTolerance, samples: 300, controls: false });

  it("that is exact keeps every bound of an exact score", async () => {
    const { result } = await check(exactScore(target, sde), 0);
    expect(failed(result.checks)).toEqual([]);
    expect(result.checks.map(({ name }) => name)).toContain("score");
  });

  it("of other data is held to its error, and its samples to what the error explains", async () => {
    const other = mixture({
      weights: [0.4, 0.6],
      means: [
        [-1.1, 0],
        [1, 0.6],
      ],
      standardDeviations: [0.4, 0.5],
    });
    const { result } = await check(exactScore(other, sde), 1e-4);
    const of = (name: string) => result.checks.find((candidate) => candidate.name === name)!;
    expect(failed(result.checks).filter((name) => of(name).verdict === "fail")).toEqual(["score"]);
    expect(of("reverse-samples t=0.001").reason).toContain("Girsanov");
    // The score of something else is a gradient and solves the score equation; differences of order 4 at a tenth of the width.
    for (const name of ["gradient", "score-equation"]) {
      expect(of(name).verdict).toBe("reported");
      expect(of(name).figure!).toBeLessThan(0.01);
    }
    // Of the other law, with means 0.1 away, it moves mass: seen by the reverse equation.
    expect(of("reverse-equation").figure!).toBeGreaterThan(0.05);
  });
});

describe("a score turned by J, v = 0.1 J ∇log p with ∇·(p v) = 0", () => {
  const exact = checkSubject({ sde: vp(), target: toy("two-moons"), samples: 500, seed: 1 });
  const turned = controlsFor(exact.target)
    .find(({ name }) => name === "turned-score")!
    .plant(exact);

  it("passes all that looks at densities and samples", async () => {
    const [, t] = [turned.times[0]!, turned.times[2]!];
    expect(failed([await reverseEquation(turned), await densityTransport(turned)])).toEqual([]);
    expect((await flowSamples(turned, t)).test!.result.pValue).toBeGreaterThan(1e-3);
    expect((await reverseSamples(turned, t, 0)).test!.result.pValue).toBeGreaterThan(1e-3);
  });

  it("is seen by its own Jacobian and by the score equation", async () => {
    expect(failed([await gradientCheck(turned), (await scoreResidual(turned, 1)).check])).toEqual([
      "gradient",
      "score-equation",
    ]);
  });
});

it("the reverse equation lets through any field v with ∇·(p v) = 0, one with divergence too", async () => {
  // v = J ∇ψ/p with ψ = x₁ p, so that v = J(e₁ + x₁ s), J(a, b) = (−b, a).
  const subject = checkSubject({ sde: vp(), target: toy("eight-gaussians"), samples: 100, seed: 0 });
  const exact = exactScore(subject.target, subject.sde);
  const added = (sign: number) =>
    defineModel({
      predicts: "score",
      dimension: 2,
      sde: subject.sde,
      evaluate(batch, out) {
        void exact.evaluate(batch, out);
        for (let i = 0; i < out.length; i += 2) {
          const [x, s1, s2] = [batch.x[i]!, out[i]!, out[i + 1]!];
          out[i] = s1 - 0.1 * x * s2;
          out[i + 1] = s2 + 0.1 * (sign + x * s1);
        }
      },
    });
  expect((await reverseEquation({ ...subject, reverseScore: added(1) })).verdict).toBe("pass");
  expect((await reverseEquation({ ...subject, reverseScore: added(-1) })).verdict).toBe("fail");
});

describe("faults planted in the solver in the plane", () => {
  const changed = (change: Partial<Sde>) => (options: PlaneOptions) =>
    fokkerPlanck2d({ ...options, sde: { ...options.sde, ...change } });
  const altered = (change: (solution: PlaneSolution) => Partial<PlaneSolution>) => async (options: PlaneOptions) => {
    const solution = await fokkerPlanck2d(options);
    return { ...solution, ...change(solution) };
  };
  const sde = vp();
  const faults: readonly [string, typeof fokkerPlanck2d, RegExp][] = [
    ["D = g² in place of ½g²", changed({ diffusion: (t) => Math.SQRT2 * sde.diffusion(t) }), /finite-volumes/],
    [
      "axes exchanged",
      altered(({ densities, x, y }) => ({
        densities: densities.map((p) =>
          p.map((_, k) => p[(k % y.widths.length) * x.widths.length + Math.floor(k / y.widths.length)] ?? 0),
        ),
      })),
      /finite-volumes/,
    ],
    ["mass leaks", altered(({ mass }) => ({ mass: mass.map((value, k) => value * (1 - 1e-9 * k)) })), /mass/],
    ["a density below zero", altered(() => ({ minimum: -1e-12 })), /positivity/],
    ["a run that broke off", altered(() => ({ status: "max-steps" })), /finite-volumes/],
  ];
  it.each(faults)("%s", async (_name, solvePlane, expected) => {
    const subject = checkSubject({ sde, target: correlated, samples: 100, seed: 0, solvePlane });
    expect(failed((await planeVolumes(subject)).checks).join()).toMatch(expected);
  });
});

describe("f and g that do not belong to α and σ", () => {
  it("are noticed by the equation and by the forward law", () => {
    const sde = ve();
    const subject = checkSubject({ sde, target: correlated, samples: 100, seed: 0 });
    const equation = { ...sde, diffusion: (t: number) => 1.001 * sde.diffusion(t) };
    expect(failed([equationResidual(subject), forwardLaw(subject)])).toEqual([]);
    expect(failed([equationResidual({ ...subject, equation }), forwardLaw({ ...subject, equation })])).toHaveLength(2);
  });
});

describe("cells", () => {
  const round = gaussian({ mean: [1, -2], standardDeviation: [0.5, 2] });
  const cells = planeCells(round, round.perturbed(1, 0), 2000);

  it("have the probabilities of a product law, about equal ones", () => {
    const x = [Number.NEGATIVE_INFINITY, ...cells.strips, Number.POSITIVE_INFINITY];
    const wanted = cells.cuts.flatMap((inner, strip) => {
      const y = [Number.NEGATIVE_INFINITY, ...inner, Number.POSITIVE_INFINITY];
      const along = normalCdf((x[strip + 1]! - 1) / 0.5) - normalCdf((x[strip]! - 1) / 0.5);
      return y.slice(1).map((high, k) => along * (normalCdf((high + 2) / 2) - normalCdf((y[k]! + 2) / 2)));
    });
    expect(cells.probabilities).toHaveLength(36);
    cells.probabilities.forEach((p, k) => {
      expect(Math.abs(p - wanted[k]!)).toBeLessThan(1e-3 / Math.sqrt(2000));
      expect(p).toBeGreaterThan(0.5 / 36);
    });
    expect(cells.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
  });

  it("hold every sample once, far ones too", () => {
    const samples = Float64Array.of(1, -2, 1e9, 1e9, -1e9, -1e9);
    expect(cellCounts(cells, samples).reduce((sum, count) => sum + count, 0)).toBe(3);
    expect(Array.from(cellsOf(cells, samples)).slice(1)).toEqual([35, 0]);
  });

  it("give uniform p-values under the null", () => {
    const pValues: number[] = [];
    for (let seed = 0; seed < 15; seed++) {
      const { tests } = forwardSamples(checkSubject({ sde: vp(), target: correlated, samples: 200, seed }));
      pValues.push(...tests.map(({ result }) => result.pValue));
    }
    // Four correlated tests of 15 seeds: the mean of 15 uniform numbers has standard error 1/√(12 · 15) = 0.0745.
    const mean = pValues.reduce((sum, p) => sum + p, 0) / pValues.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * 0.0745);
    expect(Math.min(...pValues)).toBeGreaterThan(1e-4);
  });
});

describe("the χ² test of extrapolated shares", () => {
  const probabilities = [0.1, 0.2, 0.3, 0.4];

  it("is Pearson's where no sample changes its cell", () => {
    const fine = Int32Array.from({ length: 100 }, (_, i) => [0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3][i % 11]!);
    const counts = [0, 1, 2, 3].map((cell) => fine.filter((value) => value === cell).length);
    const pearson = chiSquare(
      counts,
      probabilities.map((p) => 100 * p),
    );
    const result = extrapolatedChiSquare({ coarse: fine, fine, probabilities });
    expect(result.statistic).toBeCloseTo(pearson.statistic, 10);
    expect(result).toMatchObject({ degrees: 3, pValue: expect.closeTo(pearson.pValue, 10) });
    expect(correction({ coarse: fine, fine, probabilities })).toBeLessThan(1e-20);
  });

  it("takes out an error of order 2, and keeps its level", () => {
    // With N steps a share 0.2 of cell 3 lands in cell 0 by mistake, with 2N steps a quarter of that.
    const draw = (seed: number) => {
      const count = 400;
      const [u, v] = [new Float64Array(count), new Float64Array(count)];
      fillUniform({ seed, stream: "target" }, 0, u);
      fillUniform({ seed, stream: "floor" }, 0, v);
      const right = Int32Array.from(u, (value) => (value < 0.1 ? 0 : value < 0.3 ? 1 : value < 0.6 ? 2 : 3));
      const wrong = (share: number) => right.map((cell, i) => (cell === 3 && v[i]! < share ? 0 : cell));
      return { coarse: wrong(0.2), fine: wrong(0.05), probabilities };
    };
    const runs = Array.from({ length: 400 }, (_, seed) => draw(seed));
    const results = runs.map(extrapolatedChiSquare);
    // A χ² of 3 degrees has variance 6.
    const mean = results.reduce((sum, { statistic }) => sum + statistic, 0) / 400;
    expect(Math.abs(mean - 3)).toBeLessThan(4 * Math.sqrt(6 / 400));
    const share = runs.reduce((sum, run) => sum + extrapolatedShares(run)[0]!, 0) / 400;
    expect(Math.abs(share - 0.1)).toBeLessThan(4 * Math.sqrt(0.1 / 160_000));
    // What is taken out is a share 0.02 too many: 400 (0.02²/0.1 + 0.02²/0.4) = 2.
    const moved = runs.reduce((sum, run) => sum + correction(run), 0) / 400;
    expect(Math.abs(moved - 2)).toBeLessThan(0.5);
  });
});

describe("derivatives of a score in the plane", () => {
  it("are those of a Gaussian, −(α²Σ + σ²I)⁻¹", async () => {
    const sde = vp();
    const [a, b] = [sde.alpha(0.2), sde.sigma(0.2)];
    const [xx, xy, yy] = [a * a + b * b, 0.6 * a * a, 0.8 * a * a + b * b];
    const determinant = xx * yy - xy * xy;
    const score = modelScore(exactScore(correlated, sde).as("data"), sde);
    const points = Float64Array.of(0.3, -1, 2, 0.5);
    const jacobian = await scoreJacobian(score, points, 0.2, 0.01, 2);
    const wanted = [-yy, xy, xy, -xx].map((value) => value / determinant);
    // The differences are exact on a linear function but for rounding, 1e-15/0.01.
    jacobian.forEach((value, i) => {
      expect(Math.abs(value - wanted[i % 4]!)).toBeLessThan(1e-12);
    });
  });
});
