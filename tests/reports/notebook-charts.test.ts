import { describe, expect, it } from "vitest";
import { marginals } from "../../src/experiments/marginals.js";
import { densityChart } from "../../src/reports/density-chart.js";
import { fieldChart } from "../../src/reports/field-chart.js";
import { recordTable } from "../../src/reports/record-table.js";
import { renderSvg } from "../../src/reports/render-chart.js";
import { scatterChart } from "../../src/reports/scatter-chart.js";
import { vp } from "../../src/sdes/index.js";
import { toy } from "../../src/targets/index.js";

describe("densityChart", () => {
  it("draws time to the right and lines of another density on top, also of many points", async () => {
    const law = marginals({ sde: vp(), target: toy("trimodal") });
    const svg = await renderSvg(densityChart(law, { title: "p", against: law }));
    expect(svg).toContain("data:image/png;base64");
    expect(svg).toContain("density [1/unit of x]");
    const times = Array.from({ length: 1000 }, (_, k) => 0.01 + 0.001 * k);
    const x = Array.from({ length: 600 }, (_, k) => -2 + 0.01 * k);
    // 600 000 values: more than a call can take as arguments.
    const density = times.map(() => x.map(() => 1));
    expect(await renderSvg(densityChart({ times, x, density }, { title: "p" }))).toContain("<svg");
  });
});

describe("scatterChart", () => {
  it("has one dot for each point inside the frame, in both panels", async () => {
    const points = Float64Array.of(0, 0.25, 1, 1, -1, 0.5, 9, 9);
    const panels = [
      { label: "a", note: "n", points },
      { label: "b", points },
    ];
    const spec = JSON.stringify(scatterChart({ title: "t", extent: 2, panels }));
    const dots = [...spec.matchAll(/"x":(-?[\d.]+),"y":(-?[\d.]+)\}/g)].map(([, x, y]) => [Number(x), Number(y)]);
    const inside = [
      [0, 0.25],
      [1, 1],
      [-1, 0.5],
    ];
    expect(dots).toEqual([...inside, ...inside]);
    expect(await renderSvg(scatterChart({ title: "t", panels }))).toContain("<svg");
  });
});

describe("fieldChart", () => {
  it("draws arrows along the field, the strongest shorter than the longest allowed", async () => {
    const at = Float64Array.of(0, 0, 1, 0, 0, 1);
    const field = Float64Array.of(1, 0, 0, 1000, 0, 0);
    const options = { title: "t", extent: 2, longest: 0.5, panels: [{ label: "a", at, field, points: at }] };
    const spec = JSON.stringify(fieldChart(options));
    const values = /"name":"arrows 0","data":\{"values":(\[.*?\])\}/.exec(spec)?.[1] ?? "[]";
    const path: { x: number; y: number }[] = JSON.parse(values);
    const shaft = (k: number) => [path[7 * k]!, path[7 * k + 1]!] as const;
    // Median size 1: |v|/(|v| + 1) of 0.5.
    expect(shaft(0)).toMatchObject([
      { x: 0, y: 0 },
      { x: 0.25, y: 0 },
    ]);
    expect(shaft(1)[1].x).toBe(1);
    expect(shaft(1)[1].y).toBeCloseTo(500 / 1001, 12);
    expect(shaft(2)[1]).toMatchObject({ x: 0, y: 1 });
    expect(await renderSvg(fieldChart(options))).toContain("<svg");
  });
});

describe("recordTable", () => {
  it("aligns numbers, keeps integers, rounds the rest, and dashes what is missing", () => {
    const table = recordTable(
      [
        { name: "a", n: 3, x: 1 / 3 },
        { name: "b", n: 1e7 },
      ],
      { digits: 3, caption: "c" },
    );
    expect(table.columns.map(({ title, align }) => [title, align])).toEqual([
      ["name", "left"],
      ["n", "decimal"],
      ["x", "decimal"],
    ]);
    expect(table.rows.map(({ cells }) => cells.map(({ text }) => text))).toEqual([
      ["a", "3", "0.333"],
      ["b", "1.00e7", "–"],
    ]);
    expect(table.caption).toBe("c");
  });
});
