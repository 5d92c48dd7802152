import { rmSync } from "node:fs";
import { mkdir, open, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { threadId } from "node:worker_threads";
import { fileError } from "./file-error.js";

let written = 0;

/** Files beside their goals that an exit in the middle would leave behind. */
const unfinished = new Set<string>();

function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { force: true });
}

/**
 * Writes a whole file or nothing: the data go to a file beside it, reach the disk, and take its name.
 *
 * Missing parent directories are made. Devices and pipes are written to directly.
 *
 * @throws UsageError naming the path when it cannot be written (no space, no permission, a directory); no part of the file is left
 */
export async function writeFileAtomically(path: string, data: string | Uint8Array | Iterable<string>): Promise<void> {
  let beside: string | undefined;
  try {
    if (await isSpecial(path)) {
      await writeFile(path, data);
      return;
    }
    await mkdir(dirname(path), { recursive: true });
    beside = join(dirname(path), `.${basename(path)}.${process.pid}-${threadId}-${written++}.part`);
    if (unfinished.size === 0) process.once("exit", removeUnfinished);
    unfinished.add(beside);
    const file = await open(beside, "wx");
    try {
      await writeFile(file, data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (cause) {
    if (beside !== undefined) await rm(beside, { force: true }).catch(() => undefined);
    throw fileError("write", path, cause);
  } finally {
    if (beside !== undefined) unfinished.delete(beside);
    if (unfinished.size === 0) process.off("exit", removeUnfinished);
  }
}

/** Whether the path exists and is neither a file nor a directory. */
async function isSpecial(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && !found.isFile() && !found.isDirectory();
}
