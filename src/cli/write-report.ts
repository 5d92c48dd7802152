import { join } from "node:path";
import { writeFileAtomically } from "../files/index.js";
import { renderHtml } from "../reports/html-report.js";
import { type Report, reportCharts } from "../reports/report.js";
import { writeChart } from "./write-chart.js";

/** Writes results.json, report.html and every chart of a report to a directory; returns the paths. */
export async function writeReport(report: Report, json: string, directory: string): Promise<string[]> {
  const written: string[] = [];
  const write = async (name: string, content: string) => {
    const path = join(directory, name);
    await writeFileAtomically(path, content);
    written.push(path);
  };
  await write("results.json", json);
  await write("report.html", await renderHtml(report));
  for (const { name, spec } of reportCharts(report)) written.push(...(await writeChart(spec, directory, name)));
  return written;
}
