import { join } from "node:path";
import type { Comparison } from "../experiments/compare.js";
import { writeFileAtomically } from "../files/index.js";
import { compareJson } from "../reports/compare-json.js";
import { compareReport } from "../reports/compare-report.js";
import { compareCsv, compareMarkdown } from "../reports/compare-table.js";
import { renderHtml } from "../reports/html-report.js";
import { renderPng, renderSvg } from "../reports/render-chart.js";
import { reportCharts } from "../reports/report.js";

/** Writes report.html, results.json, the table and every chart to a directory; returns the paths. */
export async function writeCompareReport(
  { result, panels }: Comparison,
  directory: string,
  table: { readonly reference?: string },
): Promise<string[]> {
  const report = compareReport(result, panels, table);
  const written: string[] = [];
  const write = async (name: string, content: string | Uint8Array) => {
    const path = join(directory, name);
    await writeFileAtomically(path, content);
    written.push(path);
  };
  await write("results.json", compareJson(result));
  await write("results.csv", compareCsv(result));
  await write("results.md", compareMarkdown(result, table));
  await write("report.html", await renderHtml(report));
  for (const { name, spec } of reportCharts(report)) {
    const svg = await renderSvg(spec);
    await write(`${name}.svg`, svg);
    await write(`${name}.png`, await renderPng(svg));
  }
  return written;
}
