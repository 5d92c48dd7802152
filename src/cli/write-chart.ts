import { join } from "node:path";
import { writeFileAtomically } from "../files/index.js";
import type { ChartSpec } from "../reports/chart-spec.js";
import { renderPng, renderSvg } from "../reports/render-chart.js";

/** Writes a chart as name.svg and name.png to a directory; returns the paths. */
export async function writeChart(spec: ChartSpec, directory: string, name: string): Promise<string[]> {
  const svg = await renderSvg(spec);
  const paths = [join(directory, `${name}.svg`), join(directory, `${name}.png`)];
  await writeFileAtomically(paths[0]!, svg);
  await writeFileAtomically(paths[1]!, await renderPng(svg));
  return paths;
}
