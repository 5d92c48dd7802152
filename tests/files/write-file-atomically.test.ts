import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, describe, expect, it } from "vitest";
import { UsageError } from "../../solvers/errors.js";
import { writeFileAtomically } from "../../src/files/index.js";

const folder = mkdtempSync(join(tmpdir(), "score-sde-write-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("writeFileAtomically", () => {
  it("makes parent directories, replaces what was there and leaves nothing beside it", async () => {
    const path = join(folder, "a", "b", "file.txt");
    await writeFileAtomically(path, "first");
    await writeFileAtomically(path, new TextEncoder().encode("second"));
    expect(readFileSync(path, "utf8")).toBe("second");
    expect(readdirSync(join(folder, "a", "b"))).toEqual(["file.txt"]);
  });

  it("serves many writers of one path: the file is one of theirs, whole", async () => {
    const path = join(folder, "shared.txt");
    const texts = Array.from({ length: 20 }, (_, i) => String(i).repeat(10_000));
    await Promise.all(texts.map((text) => writeFileAtomically(path, text)));
    expect(texts).toContain(readFileSync(path, "utf8"));
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("cleans up when the last step fails", async () => {
    const directory = join(folder, "directory");
    mkdirSync(directory);
    writeFileSync(join(directory, "inside"), "kept");
    await expect(writeFileAtomically(directory, "text")).rejects.toThrow(/cannot write it, it is a directory/);
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
    expect(existsSync(join(directory, "inside"))).toBe(true);
  });

  it("says that a part of the path is a file", async () => {
    const path = join(folder, "plain");
    writeFileSync(path, "");
    const writing = writeFileAtomically(join(path, "below.txt"), "text");
    await expect(writing).rejects.toThrow(UsageError);
    await expect(writing).rejects.toThrow(/not a directory|is a file/);
  });

  it.skipIf(!existsSync("/dev/full"))("names a full disk and the way out", async () => {
    await expect(writeFileAtomically("/dev/full", "text")).rejects.toThrow(
      "/dev/full: cannot write it, no space is left on the device - free some space",
    );
    expect(existsSync("/dev/full")).toBe(true);
  });

  it.skipIf(process.getuid?.() === 0)("names a forbidden place", async () => {
    const closed = join(folder, "closed");
    mkdirSync(closed);
    chmodSync(closed, 0o500);
    await expect(writeFileAtomically(join(closed, "x"), "text")).rejects.toThrow(/permission is denied/);
  });
});
