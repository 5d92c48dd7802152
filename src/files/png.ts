import { UsageError } from "../../solvers/errors.js";

/** Pixels of an image, row-major with channels last, each in [0, most]. */
export interface Picture {
  readonly height: number;
  readonly width: number;
  /** 1 for grey, 3 for red, green and blue. */
  readonly channels: number;
  readonly pixels: Uint8Array | Uint16Array;
  readonly most: number;
}

/** Decodes a PNG image. @throws UsageError when it is torn, of another kind, or not opaque */
export async function decodePicture(bytes: Uint8Array, path: string): Promise<Picture> {
  const { convertIndexedToRgb, decode } = await import("fast-png");
  try {
    const image = decode(bytes, { checkCrc: true });
    const { width, height, depth } = image;
    if (image.palette !== undefined) {
      const pixels = Uint8Array.from(convertIndexedToRgb(image));
      return opaque({ height, width, channels: pixels.length / (width * height), pixels, most: 255 }, path);
    }
    if (image.transparency !== undefined) throw transparent(path);
    const pixels = depth < 8 ? unpack(image.data, width, height, depth) : Uint16Array.from(image.data);
    return opaque({ height, width, channels: image.channels, pixels, most: 2 ** depth - 1 }, path);
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${path}: is not a PNG image that can be read (${reason}).`, { cause });
  }
}

/** Encodes grey or coloured pixels of 8 bits as PNG. */
export async function encodePicture({ height, width, channels, pixels }: Omit<Picture, "most">): Promise<Uint8Array> {
  const { encode } = await import("fast-png");
  return encode({ width, height, channels, depth: 8, data: Uint8Array.from(pixels) });
}

/** Grey values of 1, 2 or 4 bits; each row starts at a byte. */
function unpack(data: ArrayLike<number>, width: number, height: number, depth: number): Uint8Array {
  const perRow = Math.ceil((width * depth) / 8);
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const bit = (i % width) * depth;
    const byte = data[Math.floor(i / width) * perRow + (bit >> 3)]!;
    return (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
  });
}

/** The image without its opacity. */
function opaque(picture: Picture, path: string): Picture {
  const { channels, pixels, most } = picture;
  if (channels % 2 === 1) return picture;
  const colours = channels - 1;
  if (pixels.some((value, i) => i % channels === colours && value !== most)) throw transparent(path);
  return { ...picture, channels: colours, pixels: pixels.filter((_, i) => i % channels !== colours) };
}

function transparent(path: string): UsageError {
  return new UsageError(`${path}: must be opaque, but has transparent pixels - flatten it onto a background.`);
}
