import { join } from "node:path";
import { writeFileAtomically } from "../files/index.js";
import { imageGrid, pictureShape } from "../reports/image-grid.js";

/** Writes samples that are images as a grid, samples.png, to a directory; returns the paths, none for other samples. */
export async function writeImageGrid(
  samples: Float64Array,
  shape: readonly number[] | undefined,
  directory: string,
): Promise<string[]> {
  const picture = pictureShape(shape);
  if (picture === null) return [];
  const path = join(directory, "samples.png");
  const { png } = await imageGrid(samples, { shape: picture });
  await writeFileAtomically(path, png);
  return [path];
}
