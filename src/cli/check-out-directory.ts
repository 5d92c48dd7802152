import { access, constants, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileError } from "../files/file-error.js";
import { text } from "./option-values.js";

/** Checks --out, where it is given, before long work. @throws UsageError naming the path */
export async function checkOut({ out }: Readonly<Record<string, unknown>>): Promise<void> {
  if (out !== undefined) await checkOutDirectory(text("out", out));
}

/**
 * Checks before long work that files can be written to a directory; it need not exist yet, and is not made.
 *
 * @throws UsageError naming the path
 */
export async function checkOutDirectory(directory: string): Promise<void> {
  let place = resolve(directory);
  for (;;) {
    try {
      const found = await stat(place);
      if (!found.isDirectory()) throw Object.assign(new Error(), { code: "ENOTDIR" });
      await access(place, constants.W_OK | constants.X_OK);
      return;
    } catch (cause) {
      const code = cause instanceof Error && "code" in cause ? cause.code : "";
      if (code !== "ENOENT" || dirname(place) === place) throw fileError("write", directory, cause);
      place = dirname(place);
    }
  }
}
