import { join } from "node:path";
import type { ConvergeResult } from "../experiments/converge-result.js";
import { writeFileAtomically } from "../files/index.js";
import { convergeJson } from "../reports/converge-json.js";
import { convergeReport } from "../reports/converge-report.js";
import { convergeMarkdown } from "../reports/converge-table.js";
import { renderHtml } from "../reports/html-report.js";
import { reportCharts } from "../reports/report.js";
import { writeChart } from "./write-chart.js";

/** Writes report.html, results.json, the table and the chart to a directory; returns the paths. */
export async function writeConvergeReport(result: ConvergeResult, directory: string): Promise<string[]> {
  const report = convergeReport(result);
  const written: string[] = [];
  const write = async (name: string, content: string) => {
    const path = join(directory, name);
    await writeFileAtomically(path, content);
    written.push(path);
  };
  await write("results.json", convergeJson(result));
  await write("results.md", convergeMarkdown(result));
  await write("report.html", await renderHtml(report));
  for (const { name, spec } of reportCharts(report)) written.push(...(await writeChart(spec, directory, name)));
  return written;
}
