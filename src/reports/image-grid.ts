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

/** How numbers of a shape are shown as an image. */
export interface PictureLayout {
  /** Height, width and channels. */
  readonly shape: readonly [number, number, number];
  /** Whether the numbers lie channel by channel, as PyTorch has them. */
  readonly isPlanar: boolean;
}

/** The layout of samples of shape [height, width, channels] or [channels, height, width] with 1 or 3 channels; null for others. */
export function pictureLayout(shape: readonly number[] | undefined): PictureLayout | null {
  const [a, b, c] = shape ?? [];
  if (shape?.length !== 3 || a === undefined || b === undefined || c === undefined) return null;
  if (c === 1 || c === 3) return { shape: [a, b, c], isPlanar: false };
  return a === 1 || a === 3 ? { shape: [b, c, a], isPlanar: true } : null;
}

/** Numbers of images that lie channel by channel, pixel by pixel. */
export function interleaved(data: Float64Array, [height, width, channels]: PictureLayout["shape"]): Float64Array {
  const pixels = height * width;
  const size = pixels * channels;
  return data.map((_, i) => {
    const inside = i % size;
    return data[i - inside + (inside % channels) * pixels + Math.floor(inside / channels)]!;
  });
}

function greyRange(data: Float64Array): { readonly black: number; readonly white: number } {
  const sorted = data.filter((value) => Number.isFinite(value)).sort();
  if (sorted.length === 0) return { black: 0, white: 1 };
  const skipped = Math.floor(OUTSIDE * sorted.length);
  const [black, white] = [sorted[skipped]!, sorted[sorted.length - 1 - skipped]!];
  return white > black ? { black, white } : { black: black - 0.5, white: black + 0.5 };
}
