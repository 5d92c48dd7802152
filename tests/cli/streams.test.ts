import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { MAIN, runProgram, scoreSde, scratchDirectory, TINY } from "./run.js";

const shell = (command: string) => runProgram("bash", ["-c", command]);
const tiny = `'${process.execPath}' '${MAIN}' ${TINY.join(" ")}`;

/** Every file below a directory. */
const filesBelow = (path: string): string[] =>
  existsSync(path) ? readdirSync(path, { recursive: true, encoding: "utf8" }).sort() : [];

describe("a closed stdout", () => {
  it.each(["list", "list solvers --json", "--help", "compare --help"])("%s | head -1 ends quietly", async (args) => {
    const { stdout, stderr, code } = await shell(`set -o pipefail; '${process.execPath}' '${MAIN}' ${args} | head -1`);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout.split("\n")).toHaveLength(2);
  });

  it("does not keep files from being written", async () => {
    const out = join(scratchDirectory(), "results");
    const { stderr } = await shell(`${tiny} --out '${out}' | true`);
    expect(stderr).toBe("");
    expect(JSON.parse(readFileSync(join(out, "results.json"), "utf8")).runs).toHaveLength(1);
  });

  it.skipIf(!existsSync("/dev/full"))("on a full device is told in one line, with code 2", async () => {
    const { stderr, code } = await shell(`${tiny} > /dev/full`);
    expect(stderr).toBe(
      "error: standard output: cannot write it, no space is left on the device - free some space or choose another directory.\n",
    );
    expect(code).toBe(2);
  });
});

describe("a disk that fills up", () => {
  const mount = join(scratchDirectory(), "disk");
  mkdirSync(mount);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", mount]).status === 0;
  afterAll(() => {
    if (mounted) execFileSync("umount", [mount]);
  });

  it.skipIf(!mounted)("gets the table out, names the path, and leaves no part of a file", async () => {
    const { stdout, stderr, code } = await scoreSde([...TINY, "--out", mount]);
    expect(stdout).toContain("em");
    expect(stderr).toMatch(
      /^error: .*disk\/[\w.-]+: cannot write it, no space is left on the device - free some space[^\n]*\n$/,
    );
    expect(code).toBe(2);
    const written = filesBelow(mount);
    expect(written).toContain("results.json");
    expect(written.filter((name) => name.includes(".part"))).toEqual([]);
    JSON.parse(readFileSync(join(mount, "results.json"), "utf8"));
  });
});

describe("Ctrl-C", () => {
  const directory = scratchDirectory();
  // A first row that is soon done, then rows that take minutes.
  const slow = [
    "compare",
    "--solvers",
    "em",
    "--steps",
    "5,40000",
    "--samples",
    "4096",
    "--repeats",
    "5",
    "--no-exact",
  ];

  it("shows and writes the rows that are finished, with code 130", async () => {
    const out = join(directory, "results");
    const begun = performance.now();
    const { code, stdout, stderr } = await scoreSde([...slow, "--json", "--out", out], {
      afterSpawn: (child) => setTimeout(() => child.kill("SIGINT"), 3000),
    });
    expect({ code, stderr }).toEqual({ code: 130, stderr: "interrupted: the 1 finished runs are shown\n" });
    // Killing it would lose the rows; waiting for the slow one would take minutes.
    expect(performance.now() - begun).toBeLessThan(40_000);
    const result = JSON.parse(stdout);
    expect(result.runs.map(({ steps, status }: { steps: number; status: string }) => [steps, status])).toEqual([
      [5, "success"],
    ]);
    expect(JSON.parse(readFileSync(join(out, "results.json"), "utf8"))).toEqual(result);
    expect(filesBelow(out).filter((name) => name.includes(".part"))).toEqual([]);
  });

  it("before any row is finished writes nothing", async () => {
    const out = join(directory, "nothing");
    const { code, stdout } = await scoreSde([...slow, "--steps", "40000", "--out", out], {
      afterSpawn: (child) => setTimeout(() => child.kill("SIGINT"), 3000),
    });
    expect({ code, stdout, files: filesBelow(out) }).toEqual({ code: 130, stdout: "", files: [] });
  });
});
