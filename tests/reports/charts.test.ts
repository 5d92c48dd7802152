import { describe, expect, it } from "vitest";
import { budgetChart } from "../../src/reports/budget-chart.js";
import { heatMapChart } from "../../src/reports/heat-map-chart.js";
import { lineChart } from "../../src/reports/line-chart.js";
import { pathsChart } from "../../src/reports/paths-chart.js";
import { renderSvg } from "../../src/reports/render-chart.js";
import { samplesChart } from "../../src/reports/samples-chart.js";
import { thinLine } from "../../src/reports/thin-line.js";
import { compareFixture, panelsFixture, planePanelsFixture } from "./fixture.js";
import { layerOf, layersOf } from "./layers.js";

const LIMIT = 200_000;

describe("samplesChart", () => {
  const { truth, samples } = panelsFixture();
  const spec = samplesChart(truth!, samples);

  it("draws the law as a line, and a histogram only where there is none", () => {
    const names = layersOf(spec).map(({ name }) => name);
    for (const [i, { law }] of samples.entries()) {
      expect(names.includes(`law ${i}`)).toBe(law !== undefined);
      expect(names.includes(`histogram ${i}`)).toBe(law === undefined);
    }
  });

  it("holds all panels to one scale", () => {
    const domains = layersOf(spec).filter(({ name }) => name.startsWith("truth"));
    expect(new Set(domains.map(({ encoding }) => JSON.stringify(encoding.y!.scale))).size).toBe(1);
  });

  it("has histograms whose area is the share of samples inside", () => {
    const points = Float64Array.from([0, 0.1, 0.2, 100]);
    const chart = samplesChart(truth!, [{ label: "a", solver: "a", evaluations: 1, dimension: 1, points }]);
    const bars = layerOf(chart, "histogram 0").data.values.slice(0, -1);
    const width = (bars[1]!.x as number) - (bars[0]!.x as number);
    expect(bars.reduce((sum, { density }) => sum + width * (density as number), 0)).toBeCloseTo(0.75, 12);
  });

  it("renders in 1-D and 2-D within the size", async () => {
    expect((await renderSvg(spec)).length).toBeLessThan(LIMIT);
    const plane = planePanelsFixture();
    const svg = await renderSvg(samplesChart(plane.truth!, plane.samples));
    expect(svg.length).toBeLessThan(LIMIT);
    expect(svg).toContain(">dpm++2m<");
  });

  it("draws at most 2000 dots with equal aspect", () => {
    const { truth: plane, samples: own } = planePanelsFixture();
    const chart = samplesChart(plane!, own.slice(0, 1));
    const dots = layersOf(chart).filter(({ name }) => name.startsWith("dots"));
    const count = dots.flatMap(({ data }) => data.values).filter(({ x }) => x !== null).length;
    expect(count).toBeGreaterThan(1900);
    expect(count).toBeLessThanOrEqual(2000);
    const panel = "concat" in chart ? chart.concat[0]! : chart;
    expect("width" in panel && "height" in panel && panel.width === panel.height).toBe(true);
  });
});

describe("pathsChart", () => {
  const { paths, marginals } = panelsFixture();

  it("runs from noise on the left to data on the right", () => {
    const { x } = layerOf(pathsChart(paths), "path 0 of 0").encoding;
    const [left, right] = x!.scale!.domain as [number, number];
    expect(left).toBe(-1);
    expect(right).toBeCloseTo(-0.001, 12);
    expect(x!.axis!.labelExpr).toContain("-datum.value");
  });

  it("keeps each path to its own panel", () => {
    const spec = pathsChart(paths, { marginals: marginals! });
    for (const [i, panel] of paths.entries()) {
      const drawn = layerOf(spec, `path 3 of ${i}`).data.values.map(({ y }) => y);
      expect(drawn).toEqual([...panel.states[3]!]);
    }
  });

  it("counts the paths that end where the data are likely", () => {
    const stray = [{ ...paths[0]!, states: [...paths[0]!.states.slice(0, 7), paths[0]!.times.map(() => 40)] }];
    expect(JSON.stringify(pathsChart(stray, { marginals: marginals! }).title)).toContain("7 of 8 paths end where");
  });

  it("renders within the size", async () => {
    expect((await renderSvg(pathsChart(paths, { marginals: marginals! }))).length).toBeLessThan(LIMIT);
  });
});

describe("budgetChart", () => {
  it("shows the three parts and the total of each run", async () => {
    const spec = budgetChart(compareFixture())!;
    const first = layerOf(spec, "marks 0")
      .data.values.slice(0, 4)
      .map(({ part }) => part);
    expect(first).toEqual(["total", "initialisation", "discretisation", "truncation"]);
    const svg = await renderSvg(spec);
    for (const name of ["total", "discretisation", "truncation", "initialisation"]) expect(svg).toContain(`>${name}<`);
    expect(svg.length).toBeLessThan(LIMIT);
  });

  it("says which part is the largest", () => {
    const title = JSON.stringify(budgetChart(compareFixture())!.title);
    expect(title).toContain("the steps for em");
    const runs = compareFixture().runs.map((run) => ({
      ...run,
      budget: { initialisation: 1, discretisation: 2, truncation: 3, score: null },
    }));
    expect(JSON.stringify(budgetChart({ ...compareFixture(), runs })!.title)).toContain(
      "the stop at tMin, for every solver",
    );
  });

  it("is null without budgets, and leaves out zeros", async () => {
    const runs = compareFixture().runs.map((run) => ({ ...run, budget: null }));
    expect(budgetChart({ ...compareFixture(), runs })).toBeNull();
    const zeros = compareFixture().runs.map((run) => ({
      ...run,
      budget: { initialisation: 0, discretisation: 0, truncation: 0, score: null },
    }));
    expect(await renderSvg(budgetChart({ ...compareFixture(), runs: zeros })!)).toContain("<svg");
  });
});

describe("heatMapChart", () => {
  const x = [0, 0.5, 1];
  const y = [-1, 0, 1, 2];
  const values = y.map((b) => x.map((a) => a * b));
  const options = { title: "t", x, y, values, xTitle: "t", yTitle: "x", valueTitle: "residual [1/x]" };

  it("centres diverging colours at zero", () => {
    const [low, high] = layerOf(heatMapChart({ ...options, colours: "diverging" }), "bar axis").encoding.y!.scale!
      .domain as number[];
    expect(low).toBe(-2);
    expect(high).toBe(2);
  });

  it("names values and draws contours on top", async () => {
    const svg = await renderSvg(heatMapChart({ ...options, contours: { x, y, values, levels: [0.5] } }));
    expect(svg).toContain("residual [1/x]");
    expect(svg).toContain("data:image/png;base64,");
    expect(svg.length).toBeLessThan(LIMIT);
  });

  it("stands values that are not finite, and a constant", async () => {
    const odd = [
      [Number.NaN, 1, Infinity],
      [0, 0, 0],
      [1, 1, 1],
      [-Infinity, 2, 3],
    ];
    for (const colours of ["linear", "log", "diverging"] as const) {
      expect(await renderSvg(heatMapChart({ ...options, values: odd, colours }))).toContain("<svg");
      expect(await renderSvg(heatMapChart({ ...options, values: y.map(() => [0, 0, 0]), colours }))).toContain("<svg");
    }
  });
});

describe("lineChart", () => {
  it("names its lines at their ends and keeps peaks of long ones", async () => {
    const x = Float64Array.from({ length: 50_000 }, (_, i) => i + 1);
    const y = x.map((step) => (step === 31_234 ? 9 : 1 / step));
    const spec = lineChart({
      title: "t",
      xTitle: "step",
      yTitle: "loss",
      yScale: "log",
      lines: [
        { label: "a", x, y },
        { label: "b", x, y: y.map((v) => 2 * v) },
      ],
    });
    const svg = await renderSvg(spec);
    expect(svg).toContain(">b<");
    expect(svg.length).toBeLessThan(LIMIT);
    expect(layerOf(spec, "line 0").data.values.some((point) => point.y === 9)).toBe(true);
  });

  it("draws bands", () => {
    const spec = lineChart({
      title: "t",
      xTitle: "x",
      yTitle: "y",
      lines: [{ label: "a", x: [0, 1], y: [1, 2], lower: [0, 1], upper: [2, 3] }],
    });
    expect(layerOf(spec, "band 0").data.values[1]).toEqual({ x: 1, lower: 1, upper: 3 });
  });
});

it("thinLine keeps ends, order, highest and lowest", () => {
  const points = Array.from({ length: 10_000 }, (_, i) => ({ x: i, y: Math.sin(i) }));
  const thin = thinLine(points, 500);
  expect(thin.length).toBeLessThanOrEqual(500);
  expect(thin[0]).toBe(points[0]);
  expect(thin.at(-1)).toBe(points.at(-1));
  expect(Math.max(...thin.map(({ y }) => y))).toBe(Math.max(...points.map(({ y }) => y)));
  for (let i = 1; i < thin.length; i++) expect(thin[i]!.x).toBeGreaterThan(thin[i - 1]!.x);
});
