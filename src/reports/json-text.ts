/** A value as indented JSON that any reader accepts: typed arrays as lists, numbers that are not finite as null. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, plain, 2)}\n`;
}

/** JSON.stringify writes NaN and infinities as null by itself; a bigint it would refuse, a typed array turn to an object. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  const isTyped = value instanceof Float64Array || value instanceof Float32Array;
  return isTyped || value instanceof Int32Array || value instanceof Uint32Array ? Array.from(value) : value;
}
