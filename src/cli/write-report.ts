import { join } from "node:path";
import { writeFileAtomically } from "../files/index.js";
import { renderHtml } from "../reports/html-report.js";
import { type Report, reportCharts } from "../reports/report.js";
import { writeChart } from "./write-chart.js";

/** Writes files by their names, report.html and every chart of a report to a directory; returns the paths. */
export async function writeReport(
  report: Report,
  files: Readonly<Record<string, string>>,
  directory: string,
): Promise<string[]> {
  const written: string[] = [];
  for (const [name, content] of Object.entries({ ...files, "report.html": await renderHtml(report) })) {
    const path = join(directory, name);
    await writeFileAtomically(path, content);
    written.push(path);
  }
  for (const { name, spec } of reportCharts(report)) written.push(...(await writeChart(spec, directory, name)));
  return written;
}
