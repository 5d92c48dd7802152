import { join } from "node:path";
import { writeFileAtomically } from "../files/index.js";
import { imageGrid, interleaved, pictureLayout } from "../reports/image-grid.js";

/** Writes samples that are images as a grid, samples.png, to a directory; returns the paths, none for other samples. */
export async function writeImageGrid(
  samples: Float64Array,
  shape: readonly number[] | undefined,
  directory: string,
): Promise<string[]> {
  const layout = pictureLayout(shape);
  if (layout === null) return [];
  const path = join(directory, "samples.png");
  const pixels = layout.isPlanar ? interleaved(samples, layout.shape) : samples;
  const { png } = await imageGrid(pixels, { shape: layout.shape });
  await writeFileAtomically(path, png);
  return [path];
}
