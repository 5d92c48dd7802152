type Reader = (view: DataView, at: number) => number;

/** How numbers of each type are read, and their sizes in bytes. */
const ITEMS: Readonly<Record<string, { readonly size: number; readonly read: Reader }>> = {
  b1: { size: 1, read: (view, at) => view.getUint8(at) },
  i1: { size: 1, read: (view, at) => view.getInt8(at) },
  u1: { size: 1, read: (view, at) => view.getUint8(at) },
  i2: { size: 2, read: (view, at) => view.getInt16(at, true) },
  u2: { size: 2, read: (view, at) => view.getUint16(at, true) },
  f2: { size: 2, read: (view, at) => halfFloat(view.getUint16(at, true)) },
  i4: { size: 4, read: (view, at) => view.getInt32(at, true) },
  u4: { size: 4, read: (view, at) => view.getUint32(at, true) },
  f4: { size: 4, read: (view, at) => view.getFloat32(at, true) },
  i8: { size: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  u8: { size: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
  f8: { size: 8, read: (view, at) => view.getFloat64(at, true) },
};

/** Bytes of a number of that NumPy type; undefined for types that are not read. */
export function itemSize(descr: string): number | undefined {
  return descr.startsWith(">") ? undefined : ITEMS[descr.slice(1)]?.size;
}

/** Writes the first `count` numbers of `bytes`, of a type that is read, to `out` from `offset`. */
export function decodeItems(descr: string, bytes: Uint8Array, count: number, out: Float64Array, offset: number): void {
  const { size, read } = ITEMS[descr.slice(1)]!;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < count; i++) out[offset + i] = read(view, i * size);
}

/** The number of an IEEE 754 half: sign, five bits of exponent, ten of fraction. */
function halfFloat(bits: number): number {
  const sign = bits >= 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
