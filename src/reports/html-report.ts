import type { Stamp } from "../experiments/compare-result.js";
import { embedSvg } from "./embed-svg.js";
import { escapeHtml } from "./escape-html.js";
import { REPORT_CSS } from "./html-style.js";
import { htmlTable } from "./html-table.js";
import { jsonText } from "./json-text.js";
import { formatSeconds } from "./number-format.js";
import { renderSvg } from "./render-chart.js";
import type { Report, ReportBlock } from "./report.js";
import { shellWords } from "./shell-words.js";

/** A report as one HTML page that needs nothing else: charts and style are inside, no script, no network. */
export async function renderHtml(report: Report): Promise<string> {
  let charts = 0;
  const parts: string[] = [];
  for (const { heading, blocks } of report.sections) {
    parts.push("<section>", `<h2>${escapeHtml(heading)}</h2>`);
    for (const block of blocks) parts.push(await htmlBlock(block, `chart${block.kind === "chart" ? ++charts : ""}`));
    parts.push("</section>");
  }
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(report.title)}</title>`,
    `<style>${REPORT_CSS}</style>`,
    "</head>",
    "<body>",
    `<h1>${breakable(escapeHtml(report.title))}</h1>`,
    `<p class="answer">${escapeHtml(report.answer)}</p>`,
    ...parts,
    ...htmlStamp(report.stamp),
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

async function htmlBlock(block: ReportBlock, prefix: string): Promise<string> {
  switch (block.kind) {
    case "prose":
      return `<p>${escapeHtml(block.text)}</p>`;
    case "table":
      return htmlTable(block.table);
    case "chart":
      return `<figure id="${escapeHtml(block.name)}">${embedSvg(await renderSvg(block.spec), prefix, block.description)}</figure>`;
  }
}

function htmlStamp({ version, node, cpu, engine, seed, config, argv, started, seconds }: Stamp): string[] {
  const facts = [
    ["version", `score-sde ${version}`],
    ["seed", String(seed)],
    ["started", started],
    ["took", formatSeconds(seconds)],
    ["Node", node],
    ["CPU", cpu],
    ["engine", engine],
  ];
  return [
    "<section>",
    "<h2>How to get this again</h2>",
    `<pre>score-sde ${escapeHtml(shellWords(argv))}</pre>`,
    `<dl>${facts.map(([name = "", value = ""]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join("")}</dl>`,
    `<details><summary>Configuration</summary><pre>${escapeHtml(jsonText(config).trimEnd())}</pre></details>`,
    "</section>",
  ];
}

/** Lets narrow screens break the options of a spec between them, not within a word. */
function breakable(html: string): string {
  return html.replace(/,(?=\S)/g, ",<wbr>");
}
