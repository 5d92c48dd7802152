import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../../solvers/errors.js";
import { fileError } from "./file-error.js";
import { decodePicture, type Picture } from "./png.js";
import { columnsOf, type Rows } from "./rows.js";

/**
 * The PNG images of a folder, in the order of their names, with values in [−1, 1]; where they lie in subfolders, each
 * subfolder is a class. They are kept in memory with the bytes of their pixels.
 *
 * @throws UsageError when there are none, one cannot be read, or one has another size than the first
 */
export async function imageRows(folder: string): Promise<Rows> {
  const found = await imagesOf(folder);
  const pictures: Picture[] = [];
  for (const { path } of found) {
    const bytes = await readFile(path).catch((cause: unknown) => {
      throw fileError("read", path, cause);
    });
    const picture = await decodePicture(bytes, path);
    const first = pictures[0] ?? picture;
    if (sizeText(picture) !== sizeText(first)) {
      throw new UsageError(
        `${path}: must be ${sizeText(first)} like ${found[0]!.path}, but got ${sizeText(picture)} - scale all images to one size.`,
      );
    }
    pictures.push(picture);
  }
  const { height, width, channels } = pictures[0]!;
  const shape = [height, width, channels];
  const columns = columnsOf({ shape });
  const classNames = [...new Set(found.flatMap(({ className }) => className ?? []))];
  return {
    count: pictures.length,
    shape,
    ...(classNames.length === 0
      ? {}
      : { classNames, labels: Int32Array.from(found, ({ className }) => classNames.indexOf(className ?? "")) }),
    read(row, out, offset) {
      const { pixels, most } = pictures[row]!;
      for (let i = 0; i < columns; i++) out[offset + i] = (2 * pixels[i]!) / most - 1;
    },
    place: (row, column) => `${found[row]!.path}, number ${column}`,
    close: () => {},
  };
}

interface Found {
  readonly path: string;
  readonly className: string | null;
}

/** Images of the folder itself, or of its subfolders. */
async function imagesOf(folder: string): Promise<Found[]> {
  const own = await listImages(folder);
  if (own.images.length > 0) return own.images.map((path) => ({ path, className: null }));
  const inside = await Promise.all(
    own.folders.map(async (name) => ({ name, images: (await listImages(join(folder, name))).images })),
  );
  const found = inside.flatMap(({ name, images }) => images.map((path) => ({ path, className: name })));
  if (found.length === 0) {
    throw new UsageError(`${folder}: must hold .png images, itself or in one subfolder per class, but there are none.`);
  }
  return found;
}

async function listImages(folder: string): Promise<{ readonly images: string[]; readonly folders: string[] }> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw fileError("read", folder, cause);
  });
  const visible = entries.filter(({ name }) => !name.startsWith("."));
  const names = (chosen: typeof visible) => chosen.map(({ name }) => name).sort((a, b) => (a < b ? -1 : 1));
  return {
    images: names(visible.filter((entry) => !entry.isDirectory() && /\.png$/i.test(entry.name))).map((name) =>
      join(folder, name),
    ),
    folders: names(visible.filter((entry) => entry.isDirectory())),
  };
}

function sizeText({ height, width, channels }: Picture): string {
  return `${height} × ${width} in ${channels === 1 ? "grey" : "colour"}`;
}
