import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../solvers/errors.js";
import { compareCsv, compareMarkdown, compareTable, compareText } from "../../src/reports/compare-table.js";
import { headline } from "../../src/reports/headline.js";
import { formatTable } from "../../src/reports/table.js";
import { compareFixture } from "./fixture.js";

const result = compareFixture();

describe("compareText", () => {
  it("is never wider than asked, colours not counted", () => {
    for (const width of [5, 20, 40, 60, 79, 80, 100, 120]) {
      for (const colour of [false, true]) {
        const lines = stripVTControlCharacters(compareText(result, { width, colour })).split("\n");
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      }
    }
  });

  it("leaves out the least important columns first and says so", () => {
    const wide = compareText(result, { width: 120 }).split("\n")[0]!;
    expect(wide.trim().split(/\s{2,}/)).toEqual([
      "solver",
      "options",
      "steps",
      "evals",
      "exact W2",
      "W2 sampled",
      "time (ms)",
      "relative",
    ]);
    expect(compareText(result, { width: 80 })).toContain("Left out at this width: relative.");
    expect(compareText(result, { width: 70 })).toContain("Left out at this width: time (ms), relative.");
    expect(
      compareText(result, { width: 40 })
        .split("\n")[0]!
        .trim()
        .split(/\s{2,}/),
    ).toEqual(["solver", "evals", "exact W2"]);
  });

  it("wraps long options, after their commas, before it leaves them out", () => {
    const options = { predictor: "ancestral", snr: 0.16, correctorSteps: 2 };
    const runs = result.runs.map((run) => (run.solver === "pc" ? { ...run, options } : run));
    const text = compareText({ ...result, runs }, { width: 80 });
    expect(text).toMatch(/pc +predictor=ancestral, .*\n +snr=0.16,\n +correctorSteps=2\n/);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("puts decimal points below each other", () => {
    const lines = compareText(result, { width: 120 }).split("\n");
    const at = lines[0]!.indexOf("exact W2");
    const points = lines
      .slice(2, 35)
      .map((line) => line.slice(at, at + 9).indexOf("."))
      .filter((index) => index >= 0);
    expect(new Set(points).size).toBe(1);
  });

  it("ends with the answer, where there is something to compare", () => {
    expect(compareText(result, { width: 400 }).split("\n").at(-2)).toBe(`${headline(result)}.`);
    const alone = { ...result, runs: result.runs.filter(({ solver }) => solver === "em") };
    expect(alone.runs.length).toBeGreaterThan(0);
    expect(compareText(alone)).not.toContain("em:");
  });

  it("colours only when asked", () => {
    expect(compareText(result)).not.toContain("\u001b");
    expect(compareText(result, { colour: true })).toContain("\u001b[");
  });

  it("shows the options' column and the status' column only where they say something", () => {
    const plain = { ...result, runs: result.runs.filter(({ solver }) => solver === "em") };
    expect(compareText(plain, { width: 120 })).not.toContain("options");
    expect(compareText(plain, { width: 120 })).not.toContain("status");
    const failed = {
      ...plain,
      runs: plain.runs.map((run) => ({ ...run, status: "non-finite", metrics: {}, exact: null })),
    };
    expect(compareText(failed, { width: 120 })).toContain("non-finite");
  });

  it("names metric, samples, repeats and floor beneath", () => {
    const text = compareText(result, { width: 400 });
    expect(text).toContain("mean ± standard error of 5 runs of 4096 samples");
    expect(text).toContain("Floor, the same between two exact samples: 0.0213 ± 0.0014");
  });
});

describe("compareTable", () => {
  const relative = (reference?: string) => {
    const table = compareTable(result, reference === undefined ? {} : { reference });
    const column = table.columns.findIndex(({ title }) => title === "relative");
    return table.rows.map(({ cells }) => cells[column]!.text);
  };

  it("relates times to the cheapest run, or to the reference's cheapest", () => {
    const cheapest = result.runs.reduce((best, run) => (run.seconds < best.seconds ? run : best));
    expect(relative()[result.runs.indexOf(cheapest)]).toBe("1.00");
    expect(relative("em")[0]).toBe("1.00");
    expect(relative("pc:snr=0.1")[20]).toBe("1.00");
  });

  it("refuses an unknown reference with the nearest name", () => {
    expect(() => compareTable(result, { reference: "dpm+2m" })).toThrow(UsageError);
    expect(() => compareTable(result, { reference: "dpm+2m" })).toThrow("Did you mean 'dpm++2m'?");
  });
});

describe("compareMarkdown", () => {
  it("has the same number of cells in every row", () => {
    const lines = compareMarkdown(result).split("\n\n")[0]!.trim().split("\n");
    for (const line of lines) expect(line.split(" | ").length).toBe(8);
    expect(lines.length).toBe(result.runs.length + 2);
  });

  it("keeps a user's text from being markup", () => {
    const runs = [{ ...result.runs[0]!, solver: "a|b<script>`*x*" }];
    expect(compareMarkdown({ ...result, runs })).toContain("a\\|b\\<script\\>\\`\\*x\\*");
  });
});

describe("compareCsv", () => {
  it("has full precision and as many fields in every line", () => {
    const lines = compareCsv(result).trimEnd().split("\n");
    expect(lines.length).toBe(result.runs.length + 1);
    const header = lines[0]!.split(",");
    for (const line of lines) expect(line.split(",").length).toBe(header.length);
    expect(Number(lines[1]!.split(",")[header.indexOf("exact.w2")])).toBe(result.runs[0]!.exact!.w2);
    expect(lines[21]!.split(",")[header.indexOf("exact.w2")]).toBe("");
  });

  it("quotes separators, quotes and line feeds", () => {
    const runs = [{ ...result.runs[0]!, options: { times: [1, 2], note: 'a"b\n' } }];
    expect(compareCsv({ ...result, runs })).toContain('"times=[1,2],note=a""b\n"');
  });
});

it("formatTable stands an empty table and a single cell", () => {
  expect(formatTable({ columns: [{ title: "solver", align: "left" }], rows: [] })).toBe("solver\n──────\n");
  const cell = { columns: [{ title: "x", align: "decimal" as const }], rows: [{ cells: [{ text: "1.5" }] }] };
  expect(formatTable(cell)).toBe("  x\n───\n1.5\n");
});

describe("columns that wrap", () => {
  const table = {
    columns: [
      { title: "check", align: "left", wraps: 8 },
      { title: "figure", align: "decimal" },
      { title: "why", align: "left", leaves: 1, wraps: 10 },
    ],
    rows: [{ cells: [{ text: "mass t=0.5" }, { text: "1.25" }, { text: "no mass appears or goes" }] }],
  } as const;

  it("keep every word, below their title", () => {
    // 10 + 2 + 6 + 2 leave 12 for the last.
    expect(formatTable(table, { width: 32 })).toBe(
      [
        "check       figure  why",
        "─".repeat(32),
        "mass t=0.5    1.25  no mass",
        "                    appears or",
        "                    goes",
        "",
      ].join("\n"),
    );
  });

  it("wrap all to their least before one leaves", () => {
    expect(formatTable(table, { width: 28 }).split("\n").slice(2, 4)).toEqual([
      "mass        1.25  no mass",
      "t=0.5             appears or",
    ]);
    expect(formatTable(table, { width: 27 })).toContain("Left out at this width:");
  });
});
