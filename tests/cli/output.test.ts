import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { FAILING, MAIN, scoreSde, scratchDirectory, TINY } from "./run.js";

const estimate = z.strictObject({ value: z.number().nullable(), standardError: z.number().nullable() });
const named = { name: z.string(), options: z.record(z.string(), z.unknown()) };
const count = z.int().min(0);
const figure = z.number().nullable();

/** The documented shape of `results.json`, field by field. */
const comparison = z.strictObject({
  schema: z.literal("score-sde/compare@1"),
  stamp: z.strictObject({
    version: z.string(),
    node: z.string(),
    cpu: z.string(),
    engine: z.string(),
    seed: count,
    config: z.record(z.string(), z.unknown()),
    argv: z.array(z.string()),
    started: z.iso.datetime(),
    seconds: z.number(),
  }),
  sde: z.strictObject(named),
  target: z.strictObject({ ...named, dimension: count }),
  floor: z.record(z.string(), estimate),
  runs: z.array(
    z.strictObject({
      solver: z.string(),
      options: z.record(z.string(), z.unknown()),
      stochastic: z.boolean(),
      grid: z.string().nullable(),
      steps: count.nullable(),
      rtol: figure,
      atol: figure,
      evaluations: z.number(),
      accepted: figure,
      rejected: figure,
      samples: count,
      repeats: count,
      status: z.enum(["success", "max-steps", "max-evaluations", "non-finite", "step-underflow"]),
      message: z.string().optional(),
      seconds: z.number(),
      samplesPerSecond: z.number(),
      metrics: z.record(z.string(), estimate),
      exact: z.strictObject({ w1: figure, w2: figure, kl: figure, tv: figure }).nullable(),
      budget: z
        .strictObject({ initialisation: figure, discretisation: figure, truncation: figure, score: figure })
        .nullable(),
    }),
  ),
});

const SMALL = [
  "compare",
  "--solvers",
  "em,rk45,pc:snr=0.1",
  "--steps",
  "4,8",
  "--tolerances",
  "1e-1",
  "--samples",
  "64",
];
const GAUSSIAN = ["--repeats", "2", "--target", "gaussian:mean=0.7,standardDeviation=0.5"];

/** A result without what a clock puts into it. */
function timeless(text: string): unknown {
  return JSON.parse(text, (key, value: unknown) =>
    ["started", "seconds", "samplesPerSecond", "argv"].includes(key) ? undefined : value,
  );
}

describe("results on stdout", () => {
  it("JSON has the documented fields, and nothing else is written without a terminal", async () => {
    const { code, stdout, stderr } = await scoreSde([...SMALL, ...GAUSSIAN, "--json"]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const result = comparison.parse(JSON.parse(stdout));
    expect(result.stamp.argv).toEqual([...SMALL, ...GAUSSIAN, "--json"]);
    expect(result.runs.map(({ solver, steps, rtol }) => [solver, steps, rtol])).toEqual([
      ["em", 4, null],
      ["em", 8, null],
      ["rk45", null, 0.1],
      ["pc", 4, null],
      ["pc", 8, null],
    ]);
    expect(result.runs.map(({ options }) => options)).toEqual([{}, {}, {}, { snr: 0.1 }, { snr: 0.1 }]);
    for (const run of result.runs) {
      expect(Object.keys(run.metrics)).toEqual(expect.arrayContaining(Object.keys(result.floor)));
      expect(run.exact?.w2).toBeGreaterThan(0);
      expect(run.budget?.truncation).toBeGreaterThan(0);
    }
  });

  it("of a failed run are null where they are not finite, and every run failing is code 3", async () => {
    const { code, stdout, stderr } = await scoreSde([...FAILING, "--json"]);
    expect(code).toBe(3);
    expect(stdout).not.toMatch(/NaN|Infinity/);
    const [run] = comparison.parse(JSON.parse(stdout)).runs;
    expect(run).toMatchObject({ status: "max-evaluations", metrics: {}, exact: null, budget: null });
    expect(stderr).toMatch(/^warning: rk45, tolerance 0\.001: [^\n]+\n$/);
  });

  it("--quiet leaves the result, and the reason of a failure", async () => {
    const { code, stdout, stderr } = await scoreSde([...FAILING, "--quiet"]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^warning: rk45, [^\n]+\n$/);
    expect(stdout).toContain("rk45");
  });

  it("as Markdown and CSV", async () => {
    const [markdown, csv] = await Promise.all(["markdown", "csv"].map((kind) => scoreSde([...TINY, "--format", kind])));
    expect(markdown?.stdout).toMatch(/^\| solver .*\n\| ?:?-+/);
    const [head = "", row = ""] = csv?.stdout.split("\n") ?? [];
    expect(head.split(",").slice(0, 5)).toEqual(["solver", "options", "stochastic", "grid", "steps"]);
    expect(row.split(",").slice(0, 5)).toEqual(["em", "", "true", "uniform", "4"]);
  });
});

describe("--out", () => {
  const directory = scratchDirectory();

  it("holds complete files, the same for the same seed apart from times", async () => {
    const out = join(directory, "not", "there", "yet");
    const seeded = [...TINY, "--seed", "7"];
    const { code, stdout, stderr } = await scoreSde([...seeded, "--out", out]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("em");
    const first = readFileSync(join(out, "results.json"), "utf8");
    const second = await scoreSde([...seeded, "--json"]);
    expect(comparison.parse(JSON.parse(first)).stamp.seed).toBe(7);
    expect(timeless(first)).toEqual(timeless(second.stdout));
    const other = await scoreSde([...TINY, "--seed", "8", "--json"]);
    expect(timeless(other.stdout)).not.toEqual(timeless(first));
    const files = readdirSync(out);
    expect(files).toEqual(expect.arrayContaining(["report.html", "results.csv", "results.json", "results.md"]));
    expect(files.filter((name) => name.startsWith("."))).toEqual([]);
    expect(readFileSync(join(out, "report.html"), "utf8").trimEnd()).toMatch(/<\/html>$/);
    for (const svg of files.filter((name) => name.endsWith(".svg"))) {
      expect(readFileSync(join(out, svg), "utf8").trimEnd()).toMatch(/<\/svg>$/);
      expect(
        readFileSync(join(out, svg.replace(/svg$/, "png")))
          .subarray(1, 4)
          .toString(),
      ).toBe("PNG");
    }
  });
});

describe.skipIf(!existsSync("/usr/bin/script"))("on a terminal", () => {
  const terminal = (args: string, before: string): string => {
    const command = `stty cols 80; ${before} '${process.execPath}' '${MAIN}' ${args} 2>/dev/null`;
    return execFileSync("/usr/bin/script", ["-qec", command, "/dev/null"], { encoding: "utf8" }).replaceAll("\r", "");
  };
  const escapeCharacter = String.fromCharCode(27);

  it("tables keep to its 80 columns and have colours, unless told otherwise", () => {
    const coloured = terminal(TINY.join(" "), "TERM=xterm");
    expect(coloured).toContain(`${escapeCharacter}[1m`);
    for (const plain of [
      terminal(TINY.join(" "), "NO_COLOR=1"),
      terminal(`${TINY.join(" ")} --no-color`, "TERM=xterm"),
    ]) {
      expect(plain).not.toContain(escapeCharacter);
      expect(plain).toContain("em");
      for (const line of plain.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    }
  });
});
