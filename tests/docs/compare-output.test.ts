import { describe, expect, it } from "vitest";
import { difference } from "./compare-output.js";
import { readPage } from "./page.js";
import { typeErrors } from "./run-page.js";

const table = `solver  evals   exact W2  time (ms)  relative
─────────────────────────────────────────────
em         10   0.1515        88.7      3.66
rk45     24.2   0.06431      892       36.8

relative: time of the quickest run, divided by that of em.`;

describe("difference of printed texts", () => {
  it("is none for the same figures in other times and widths", () => {
    const slow = table
      .replace("time (ms)  relative", " time (s)  relative")
      .replace("of em.", "of\nrk45 with rtol 0.01.")
      .replace("88.7      3.66", "1.42     13.66")
      .replaceAll("  0.", "    0.");
    expect(difference(slow, table)).toBeNull();
  });

  it.each([
    ["0.1515", "0.1516"],
    ["rk45", "rk23"],
    ["24.2", "24.3"],
    ["exact W2", "exact W1"],
    ["\nrk45     24.2   0.06431      892       36.8", ""],
  ])("is seen where '%s' became '%s'", (from, to) => {
    expect(difference(table.replace(from, to), table)).not.toBeNull();
  });

  it("hides lines and columns by name, in Markdown too", () => {
    expect(difference("cpu   a\ncores 2", "cpu   b\ncores 2", { varies: ["cpu"] })).toBeNull();
    expect(difference("cpu   a\ncores 2", "cpu   a\ncores 4", { varies: ["cpu"] })).not.toBeNull();
    const bars = (w2: string, ms: string) => `| solver | W2 | time (ms) |\n|:--|--:|--:|\n| em | ${w2} | ${ms} |`;
    expect(difference(bars("0.1", "5"), bars("0.1", "6"))).toBeNull();
    expect(difference(bars("0.1", "5"), bars("0.2", "5"))).not.toBeNull();
  });

  it("takes numbers before a unit of time for times, and no others", () => {
    expect(difference("300 steps in 6.3 s: 0.9", "300 steps in 700 ms: 0.9")).toBeNull();
    expect(difference("300 steps in 6.3 s: 0.9", "300 steps in 6.3 s: 0.8")).not.toBeNull();
    expect(difference("300 samples", "301 samples")).not.toBeNull();
  });

  it("allows a share of numbers where it is told to", () => {
    expect(difference("error −0.100", "error −0.104", { within: 0.05 })).toBeNull();
    expect(difference("error −0.100", "error −0.110", { within: 0.05 })).not.toBeNull();
    expect(difference("error 0.1", "errors 0.1", { within: 0.05 })).not.toBeNull();
  });
});

describe("a page", () => {
  const page = (...lines: string[]) => readPage("docs/page.md", lines.join("\n"));
  const program = ["```ts", "const x: number = 'text';", "export { x };", "```"];

  it("ties output and comments to the block before", () => {
    const { blocks } = page(
      "<!-- slow: minutes -->",
      "```sh",
      "a",
      "```",
      "",
      "<!-- varies: cpu -->",
      "```text",
      "b",
      "```",
      "words",
      "```text",
      "c",
      "```",
    );
    expect(blocks).toHaveLength(1);
    expect(blocks[0]!.output?.text).toBe("b");
    expect([...blocks[0]!.directives]).toEqual([
      ["slow", "minutes"],
      ["varies", "cpu"],
    ]);
  });

  it("refuses comments and fences that mean nothing", () => {
    expect(() => page("<!-- skip -->")).toThrow("unknown comment");
    expect(() => page("<!-- slow: x -->", "words")).toThrow("belongs to no block");
    expect(() => page("```", "x", "```")).toThrow("without known language");
    expect(() => page("```sh", "x")).toThrow("does not end");
  });

  it("has its type errors found, with their line", () => {
    expect(typeErrors([page("words", ...program)])).toEqual([
      expect.stringContaining("docs/page.md:2 + 1: Type 'string'"),
    ]);
  });
});
