import { encodePicture } from "../files/index.js";

/** Images in rows and columns, as a picture. */
export interface ImageGridOptions {
  /** Height, width and channels (1 grey, 3 coloured) of an image. */
  readonly shape: readonly [number, number, number];
  /** Images shown at most; default 64. */
  readonly most?: number;
}

/** Width of a picture, and the gap between images, in pixels. */
const WIDTH = 640;
const GAP = 2;
/** Share of the numbers that may lie outside black and white at either end. */
const OUTSIDE = 0.001;

/** A grid of images as PNG, from row-major numbers: black is the least of them and white the greatest, but for one in a thousand. */
export async function imageGrid(
  data: Float64Array,
  { shape, most = 64 }: ImageGridOptions,
): Promise<{ readonly png: Uint8Array; readonly black: number; readonly white: number }> {
  const [height, width, channels] = shape;
  const size = height * width * channels;
  const shown = Math.min(most, Math.floor(data.length / size));
  const columns = Math.max(1, Math.ceil(Math.sqrt(shown)));
  const scale = Math.max(1, Math.floor(WIDTH / (columns * (width + GAP))));
  const [cellWidth, cellHeight] = [scale * width + GAP, scale * height + GAP];
  const picture = { width: columns * cellWidth, height: Math.ceil(shown / columns) * cellHeight, channels };
  const { black, white } = greyRange(data.subarray(0, shown * size));
  const pixels = new Uint8Array(picture.width * picture.height * channels).fill(128);
  for (let image = 0; image < shown; image++) {
    const [left, top] = [(image % columns) * cellWidth, Math.floor(image / columns) * cellHeight];
    for (let y = 0; y < scale * height; y++) {
      for (let x = 0; x < scale * width; x++) {
        const from = image * size + (Math.floor(y / scale) * width + Math.floor(x / scale)) * channels;
        const to = ((top + y) * picture.width + left + x) * channels;
        for (let c = 0; c < channels; c++) {
          const share = (data[from + c]! - black) / (white - black);
          pixels[to + c] = Math.round(255 * Math.min(1, Math.max(0, share)));
        }
      }
    }
  }
  return { png: await encodePicture({ ...picture, pixels }), black, white };
}

/** Height, width and channels where numbers of that shape can be shown as an image, else null. */
export function pictureShape(shape: readonly number[] | undefined): readonly [number, number, number] | null {
  const [height, width, channels] = shape ?? [];
  if (shape?.length !== 3 || height === undefined || width === undefined) return null;
  return channels === 1 || channels === 3 ? [height, width, channels] : null;
}

function greyRange(data: Float64Array): { readonly black: number; readonly white: number } {
  const sorted = data.filter((value) => Number.isFinite(value)).sort();
  if (sorted.length === 0) return { black: 0, white: 1 };
  const skipped = Math.floor(OUTSIDE * sorted.length);
  const [black, white] = [sorted[skipped]!, sorted[sorted.length - 1 - skipped]!];
  return white > black ? { black, white } : { black: black - 0.5, white: black + 0.5 };
}
