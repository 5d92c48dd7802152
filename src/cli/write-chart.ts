import { join } from "node:path";
import { writeFileAtomically } from "../files/index.js";
import type { ChartSpec } from "../reports/chart-spec.js";
import { loadResvg } from "../reports/load-resvg.js";
import { renderPng, renderSvg } from "../reports/render-chart.js";

/** Writes a chart as name.svg, and where it can be rasterised as name.png, to a directory; returns the paths. */
export async function writeChart(
  spec: ChartSpec,
  directory: string,
  name: string,
  loaded = loadResvg(),
): Promise<string[]> {
  const svg = await renderSvg(spec);
  const paths = [join(directory, `${name}.svg`)];
  await writeFileAtomically(paths[0]!, svg);
  if ((await loaded) === null) return paths;
  paths.push(join(directory, `${name}.png`));
  await writeFileAtomically(paths[1]!, await renderPng(svg, 2, loaded));
  return paths;
}
