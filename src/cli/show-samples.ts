import { join } from "node:path";
import type { SampleReport } from "../experiments/sample-report.js";
import type { SampleResult } from "../sampling/types.js";
import type { Target } from "../targets/types.js";
import type { Console } from "./console.js";
import { text } from "./option-values.js";

/** Samples and what is said of them. */
interface Drawn {
  readonly report: SampleReport;
  readonly result: SampleResult;
  /** The data law to draw beside them, where one is named. */
  readonly target: Target | null;
  /** Shape of a sample, where it has one. */
  readonly shape: readonly number[] | undefined;
}

/** Prints what is said of samples, and writes them to --to, and with the report and a picture to --out. */
export async function showSamples(
  terminal: Console,
  options: Readonly<Record<string, unknown>>,
  drawn: Drawn,
): Promise<void> {
  const { report, result } = drawn;
  const { jsonText } = await import("../reports/json-text.js");
  if (options.json === true) terminal.result(jsonText(report));
  else {
    const { sampleText } = await import("../reports/sample-text.js");
    terminal.result(`${sampleText(report, { width: terminal.width })}\n`);
  }
  const { writeArray, writeFileAtomically } = await import("../files/index.js");
  const written: string[] = [];
  if (options.to !== undefined) {
    written.push(text("to", options.to));
    await writeArray(written[0]!, result.samples);
  }
  if (options.out !== undefined) {
    const directory = text("out", options.out);
    const paths = [join(directory, "samples.npy"), join(directory, "results.json")] as const;
    await writeArray(paths[0], result.samples);
    await writeFileAtomically(paths[1], jsonText(report));
    written.push(...paths);
    const pictures = await drawPicture(drawn, directory);
    written.push(...pictures);
    if (pictures.length === 0)
      terminal.message("no picture: samples are drawn as images, and beside their data law in one and two dimensions");
  }
  if (written.length > 0) terminal.message(`wrote ${written.join(", ")}`);
}

async function drawPicture({ report, result, target, shape }: Drawn, directory: string): Promise<string[]> {
  const { samples } = result;
  const { writeImageGrid } = await import("./write-image-grid.js");
  const images = await writeImageGrid(samples.data, shape, directory);
  if (images.length > 0) return images;
  if (target === null) return [];
  const { samplesPicture } = await import("../reports/samples-picture.js");
  const picture = samplesPicture(report, target, samples.data);
  if (picture === null) return [];
  const { writeChart } = await import("./write-chart.js");
  return writeChart(picture, directory, "samples");
}
