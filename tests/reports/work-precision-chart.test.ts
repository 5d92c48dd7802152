import { describe, expect, it } from "vitest";
import { headline } from "../../src/reports/headline.js";
import { renderSvg } from "../../src/reports/render-chart.js";
import { OKABE_ITO, solverStyle } from "../../src/reports/solver-style.js";
import { workPrecisionChart } from "../../src/reports/work-precision-chart.js";
import { compareFixture, FLOOR } from "./fixture.js";
import { layerOf, layersOf } from "./layers.js";

const result = compareFixture();
const spec = workPrecisionChart(result);

describe("workPrecisionChart", () => {
  it("has two logarithmic axes with readable ticks, names and units", () => {
    for (const layer of layersOf(spec)) {
      for (const channel of ["x", "y"] as const) expect(layer.encoding[channel]?.scale).toMatchObject({ type: "log" });
    }
    const { x, y } = layerOf(spec, "line 0").encoding;
    expect(x!.axis).toMatchObject({ values: [10, 20, 50, 100, 200], title: "score evaluations per sample" });
    expect(y!.axis).toMatchObject({ title: "W₂ to the data law [data units]" });
  });

  it("is titled by the answer", () => {
    expect(spec.title).toMatchObject({ text: [headline(result)] });
  });

  it("dashes stochastic solvers and those alone", () => {
    const solvers = ["em", "ddim", "ode-heun", "dpm++2m", "pc", "edm-heun", "rk45"];
    for (const [i, solver] of solvers.entries()) {
      const isDashed = ["em", "pc"].includes(solver);
      expect(layerOf(spec, `line ${i}`).mark.strokeDash).toEqual(isDashed ? [6, 3] : [1, 0]);
      expect(layerOf(spec, `line ${i}`).mark.color).toBe(solverStyle(solver).colour);
    }
  });

  it("fills exact marks and hollows sampled ones", () => {
    expect(layerOf(spec, "exact 0").mark).toMatchObject({ filled: true });
    expect(layerOf(spec, "sampled 0").mark).toMatchObject({ filled: false, fill: "#ffffff" });
    expect(layerOf(spec, "exact 4").data.values).toEqual([]);
    expect(layerOf(spec, "line 4").data.values.length).toBe(4);
  });

  it("names exact zeros in place of drawing their samples' noise as their error", () => {
    const last = result.runs[0]!.solver;
    const runs = result.runs.map((run) =>
      run.solver === last && run.exact !== null ? { ...run, exact: { ...run.exact, w2: 0 } } : run,
    );
    const chart = workPrecisionChart({ ...result, runs });
    expect(layerOf(chart, "line 0").data.values).toEqual([]);
    expect(layerOf(chart, "exact 0").data.values).toEqual([]);
    expect(JSON.stringify(chart.title)).toContain(`below any axis: ${last}`);
  });

  it("draws bars of two standard errors", () => {
    const { value, standardError } = result.runs[0]!.metrics.w2!;
    const bar = layerOf(spec, "error bars 0").data.values[0]!;
    expect(bar.high).toBeCloseTo(value + 2 * standardError, 15);
    expect(bar.low).toBeCloseTo(value - 2 * standardError, 15);
  });

  it("has the floor's band if and only if sampled values are drawn against one", () => {
    expect(layerOf(spec, "floor").data.values[0]!.high).toBeCloseTo(FLOOR.value + 2 * FLOOR.standardError, 15);
    const names = (chart: typeof spec) => layersOf(chart).map(({ name }) => name);
    expect(names(workPrecisionChart({ ...result, floor: {} }))).not.toContain("floor");
    const exactOnly = result.runs.map((run) => ({ ...run, metrics: {} }));
    expect(names(workPrecisionChart({ ...result, runs: exactOnly }))).not.toContain("floor");
  });

  it("guides the eye by lines of slopes 1 and 2", () => {
    for (const guide of layerOf(spec, "guides").data.values) {
      const { order, x, y, x2, y2 } = guide as Record<string, number>;
      expect(Math.log(y2! / y!) / Math.log(x2! / x!)).toBeCloseTo(-order!, 9);
    }
  });

  it("keeps names at least a line apart", () => {
    const { y } = layerOf(spec, "labels").encoding;
    const [low, high] = y!.scale!.domain as [number, number];
    const pixels = layerOf(spec, "labels").data.values.map(
      ({ labelY }) => (420 * Math.log((labelY as number) / low)) / Math.log(high / low),
    );
    pixels.sort((a, b) => a - b);
    for (let i = 1; i < pixels.length; i++) expect(pixels[i]! - pixels[i - 1]!).toBeGreaterThanOrEqual(15.99);
  });

  it("renders with every name in it, within 200 kB", async () => {
    const svg = await renderSvg(spec);
    for (const name of ["em", "ddim", "dpm++2m", "pc:snr=0.1", "rk45", "slope 2", "200"])
      expect(svg).toContain(`>${name}<`);
    expect(svg.length).toBeLessThan(200_000);
    expect(await renderSvg(spec)).toBe(svg);
  });

  it("stands one run, and none", async () => {
    expect(await renderSvg(workPrecisionChart({ ...result, runs: result.runs.slice(0, 1) }))).toContain(">em<");
    expect(await renderSvg(workPrecisionChart({ ...result, runs: [] }))).toContain("No run succeeded");
  });
});

describe("solverStyle", () => {
  it("gives no two solvers the same colour and mark", () => {
    const names = [
      "em",
      "reverse-diffusion",
      "ancestral",
      "ddpm",
      "stochastic-heun",
      "exponential-em",
      "pc",
      "ode-euler",
    ];
    names.push("ode-heun", "ode-rk4", "rk45", "rk23", "ddim", "dpm++2m", "edm-heun");
    expect(new Set(names.map((name) => JSON.stringify(solverStyle(name)))).size).toBe(names.length);
  });

  it("keeps to the palette for unknown names, toString included", () => {
    for (const name of ["mine", "toString", "__proto__", ""]) {
      expect(Object.values(OKABE_ITO)).toContain(solverStyle(name).colour);
      expect(solverStyle(name)).toEqual(solverStyle(name));
    }
  });
});
