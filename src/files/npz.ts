import { suggestion, UsageError } from "../../solvers/errors.js";
import { dumpNpy, parseNpy } from "./npy.js";
import type { Table } from "./table.js";

/**
 * One array of a NumPy archive: the one called `key`, or the only one.
 *
 * @throws UsageError for a broken archive, an unknown key, or several arrays and no key
 */
export async function parseNpz(bytes: Uint8Array, path: string, key?: string): Promise<Table> {
  const { unzipSync } = await import("fflate");
  let entries: Readonly<Record<string, Uint8Array>>;
  try {
    entries = unzipSync(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${path}: is not a readable .npz archive (${reason}).`, { cause });
  }
  const arrays = new Map(Object.entries(entries).map(([name, content]) => [name.replace(/\.npy$/, ""), content]));
  const names = [...arrays.keys()];
  if (names.length === 0) throw new UsageError(`${path}: must hold at least one array, but the archive is empty.`);
  if (key === undefined && names.length > 1) {
    throw new UsageError(
      `${path}: holds several arrays (${names.join(", ")}) - say which one, as in ${path}:${names[0]}`,
    );
  }
  const name = key ?? names[0]!;
  const content = arrays.get(name);
  if (content === undefined) throw new UsageError(`${path}: has no array '${name}'.${suggestion(name, names)}`);
  return parseNpy(content, `${path}:${name}`);
}

/** An archive with one float64 array; the same array gives the same bytes. */
export async function dumpNpz(data: Float64Array, shape: readonly number[], key: string): Promise<Uint8Array> {
  const { zipSync } = await import("fflate");
  // A fixed local time stamp keeps the archive free of the clock.
  return zipSync({ [`${key}.npy`]: await dumpNpy(data, shape) }, { mtime: "1981-01-01T00:00:00" });
}
