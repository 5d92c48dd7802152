import ndarray from "ndarray";
import { describe, expect, it } from "vitest";
import { type Displayable, display } from "../../src/display/display.js";
import { currentOutput, type Output, terminalOutput } from "../../src/display/output.js";
import { scatterChart } from "../../src/reports/scatter-chart.js";

function recorder(isRich: boolean): Output & { readonly shown: [string, string][] } {
  const shown: [string, string][] = [];
  return {
    isRich,
    shown,
    picture: (svg) => shown.push(["picture", svg]),
    markdown: (text) => shown.push(["markdown", text]),
    text: (text) => shown.push(["text", text]),
  };
}

async function shown(value: Displayable, isRich: boolean): Promise<[string, string]> {
  const output = recorder(isRich);
  await display(value, { to: output });
  expect(output.shown).toHaveLength(1);
  return output.shown[0]!;
}

const chart = scatterChart({
  title: "A <rising> line",
  subtitle: "of two points",
  panels: [{ label: "points", points: Float64Array.of(0, 0, 1, 1) }],
});
const records = [
  { solver: "em", steps: 10, w2: 0.123456 },
  { solver: "pc", steps: 20, w2: null },
];

describe("display", () => {
  it("draws charts in a notebook, readable without seeing, their names unique to each", async () => {
    const [kind, first] = await shown(chart, true);
    const [, second] = await shown(chart, true);
    expect(kind).toBe("picture");
    expect(first).toMatch(/^<svg role="img"/);
    expect(first).toContain("<title>A &lt;rising&gt; line of two points</title>");
    const names = (svg: string) => [...svg.matchAll(/\bid="([^"]+)"/g)].map(([, name]) => name);
    expect(names(first).length).toBeGreaterThan(0);
    expect(names(first).filter((name) => names(second).includes(name))).toEqual([]);
  });

  it("names charts in a terminal", async () => {
    expect(await shown(chart, false)).toEqual(["text", "[chart] A <rising> line\n        of two points\n"]);
  });

  it("writes records as a table: Markdown in a notebook, aligned text in a terminal", async () => {
    expect(await shown(records, true)).toEqual([
      "markdown",
      "| solver | steps | w2 |\n| :-- | --: | --: |\n| em | 10 | 0.1235 |\n| pc | 20 | – |\n",
    ]);
    const [kind, text] = await shown(records, false);
    expect(kind).toBe("text");
    expect(text.split("\n").slice(2)).toEqual(["em         10  0.1235", "pc         20  –", ""]);
  });

  it("shows the shape and the first rows of arrays, transposed views and vectors included", async () => {
    const matrix = ndarray(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
    const numbers = async (array: typeof matrix) =>
      (await shown(array, true))[1]
        .split("\n")
        .slice(3)
        .map((line) => line.trim().split(/\s+/).map(Number));
    expect((await shown(matrix, true))[1]).toMatch(/^array of 2 × 3\n/);
    expect((await numbers(matrix)).slice(0, 2)).toEqual([
      [0, 1, 2, 3],
      [1, 4, 5, 6],
    ]);
    expect((await numbers(matrix.transpose(1, 0))).slice(0, 3)).toEqual([
      [0, 1, 4],
      [1, 2, 5],
      [2, 3, 6],
    ]);
    expect((await numbers(ndarray(Float64Array.of(7, 8)))).slice(0, 2)).toEqual([
      [0, 7],
      [1, 8],
    ]);
    const long = await shown(ndarray(new Float64Array(40), [20, 2]), false);
    expect(long[1]).toMatch(/^array of 20 × 2\n[\s\S]*\n…\n$/);
  });

  it("passes text on as Markdown", async () => {
    expect(await shown("**bold**", true)).toEqual(["markdown", "**bold**"]);
  });

  it("refuses what it cannot show", async () => {
    await expect(display(JSON.parse('{"a":1}'), { to: recorder(true) })).rejects.toThrow(/^display: needs a chart/);
  });

  it("writes to standard output where no kernel runs", () => {
    expect(currentOutput()).toBe(terminalOutput);
  });
});
