import { describe, expect, it } from "vitest";
import { compareReport } from "../../src/reports/compare-report.js";
import { renderHtml } from "../../src/reports/html-report.js";
import { type Report, reportCharts } from "../../src/reports/report.js";
import { shellWords } from "../../src/reports/shell-words.js";
import { compareFixture, panelsFixture, planePanelsFixture } from "./fixture.js";

const result = compareFixture();
const report = compareReport(result, panelsFixture());
const page = renderHtml(report);

describe("renderHtml", () => {
  it("needs nothing from outside", async () => {
    const html = await page;
    const outside = html.match(/https?:\/\/[^"'\s<]+/g) ?? [];
    expect(new Set(outside)).toEqual(new Set(["http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"]));
    expect(html).not.toMatch(/<(script|link|iframe|object|embed)\b/);
    expect(html).not.toMatch(/@import|url\((?!#)/);
    for (const [, address] of html.matchAll(/(?:href|src)="([^"]*)"/g))
      expect(address).toMatch(/^(data:image\/png;base64,|#)/);
  });

  it("reads from answer to stamp", async () => {
    const html = await page;
    const order = [
      'class="answer"',
      'id="work-precision"',
      "<table",
      'id="samples"',
      'id="paths"',
      'id="error-budget"',
      "score-sde compare --sde vp",
    ];
    const places = order.map((text) => html.indexOf(text));
    expect(places.every((place) => place > 0)).toBe(true);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
  });

  it("gives definitions of different charts different names", async () => {
    const ids = [...(await page).matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("has a dark side and a printed one", async () => {
    const html = await page;
    expect(html).toContain("prefers-color-scheme: dark");
    expect(html).toContain("@media print");
  });

  it("shows a user's text as it stands", async () => {
    const evil = '<script>alert("1")</script>&\'';
    const hostile: Report = {
      title: evil,
      answer: evil,
      sections: [
        {
          heading: evil,
          blocks: [
            { kind: "prose", text: evil },
            {
              kind: "table",
              table: { columns: [{ title: evil, align: "left" }], rows: [{ cells: [{ text: evil }] }], caption: evil },
            },
          ],
        },
      ],
      stamp: { ...result.stamp, argv: [evil], cpu: evil, config: { [evil]: evil } },
    };
    const runs = result.runs.map((run) => ({ ...run, solver: evil }));
    const html = (await renderHtml(hostile)) + (await renderHtml(compareReport({ ...result, runs }, panelsFixture())));
    expect(html).not.toContain("<script>");
    expect(html).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;");
  });
});

describe("compareReport", () => {
  it("has the charts that the panels allow", () => {
    const names = (panels: Parameters<typeof compareReport>[1]) =>
      reportCharts(compareReport(result, panels)).map(({ name }) => name);
    expect(names(panelsFixture())).toEqual(["work-precision", "samples", "paths", "error-budget"]);
    expect(names(planePanelsFixture())).toEqual(["work-precision", "samples", "error-budget"]);
    expect(names({ truth: null, samples: [], paths: [] })).toEqual(["work-precision", "error-budget"]);
  });

  it("names the runs left out", () => {
    const runs = result.runs.map((run, i) => (i === 1 ? { ...run, status: "non-finite" } : run));
    expect(JSON.stringify(compareReport({ ...result, runs }, panelsFixture()).sections)).toContain(
      "em with 20 steps (non-finite)",
    );
  });

  it("finds the fewest evaluations for each error", () => {
    const section = report.sections.find(({ heading }) => heading.startsWith("Fewest"))!;
    const [block] = section.blocks;
    const rows = block!.kind === "table" ? block!.table.rows.map(({ cells }) => cells.map(({ text }) => text)) : [];
    // dpm++2m at 20 evaluations reaches 0.0279, edm-heun at 19 reaches 0.0473.
    expect(rows).toContainEqual(["edm-heun", "0.05", "19", "0.04732"]);
    expect(rows).toContainEqual(["rk45", "0.02", "26.4", "0.007715"]);
  });
});

it("shellWords quotes what a shell would read otherwise", () => {
  expect(shellWords(["compare", "--solvers", "em,pc:snr=0.16", "a b", "it's", "$HOME", ""])).toBe(
    `compare --solvers em,pc:snr=0.16 'a b' 'it'\\''s' '$HOME' ''`,
  );
});
