import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ndarray from "ndarray";
import { afterAll, describe, expect, it } from "vitest";
import { UsageError } from "../../solvers/errors.js";
import { readArray, writeArray } from "../../src/files/index.js";

const folder = mkdtempSync(join(tmpdir(), "score-sde-arrays-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/files/${name}`, import.meta.url));
const BASE = [0.1, -2.5, 3, 1e-300, 1 / 3, 7];

function made(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function failure(promise: Promise<unknown>): Promise<UsageError> {
  const error = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(UsageError);
  return error instanceof UsageError ? error : new UsageError("");
}

describe("reading what NumPy writes", () => {
  it.each([
    ["float64.npy", [3, 2], BASE],
    ["float64-fortran.npy", [3, 2], BASE],
    ["float32-fortran.npy", [3, 2], BASE.map(Math.fround)],
    ["version2.npy", [3, 2], BASE],
    ["float16.npy", [3, 1], [0.0999755859375, 3, 0.333251953125]],
    ["int64.npy", [4, 3], Array.from({ length: 12 }, (_, i) => i - 4)],
    ["uint8.npy", [3, 1], [0, 1, 255]],
    ["bool.npy", [1, 2], [1, 0]],
    ["scalar.npy", [1, 1], [2.5]],
    ["one.npz", [3, 2], BASE],
    ["savetxt.csv", [3, 2], BASE],
  ])("%s", async (name, shape, values) => {
    const array = await readArray(fixture(name));
    expect(array.shape).toEqual(shape);
    expect(Array.from(array.data)).toEqual(values);
  });

  it("chooses an array of an archive by its key", async () => {
    expect((await readArray(fixture("two.npz"), { key: "labels" })).data).toEqual(Float64Array.of(1, 2, 3));
    expect((await readArray(fixture("two.npz"), { key: "points" })).shape).toEqual([3, 2]);
    expect((await readArray(`${fixture("two.npz")}:labels`)).data).toEqual(Float64Array.of(1, 2, 3));
    expect((await failure(readArray(fixture("two.npz")))).message).toMatch(/points, labels.*two\.npz:points$/);
    expect((await failure(readArray(fixture("two.npz"), { key: "point" }))).message).toContain(
      "Did you mean 'points'?",
    );
  });

  it("reads data that do not start at a multiple of eight bytes", async () => {
    const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }\n";
    const bytes = new Uint8Array(10 + header.length + 16);
    bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]);
    bytes.set(new TextEncoder().encode(header), 10);
    bytes.set(new Uint8Array(Float64Array.of(1.5, -2).buffer), 10 + header.length);
    expect((10 + header.length) % 8).not.toBe(0);
    expect((await readArray(made("odd.npy", bytes))).data).toEqual(Float64Array.of(1.5, -2));
  });
});

describe("text tables", () => {
  it.each([
    ["comma and header", "x,y\r\n1,2\r\n3,4\r\n", [2, 2], [1, 2, 3, 4]],
    ["no header", "1,2\n3,4", [2, 2], [1, 2, 3, 4]],
    ["semicolons", "a;b\n1.5;-2e-3\n", [1, 2], [1.5, -2e-3]],
    ["tabs", "1\t2\n", [1, 2], [1, 2]],
    ["blanks, comments, blank lines", "# made by hand\n\n 1   2 \n\n3 4\n", [2, 2], [1, 2, 3, 4]],
    ["one column", "value\n.5\n+6.\n", [2, 1], [0.5, 6]],
    ["byte order mark and quotes", '\uFEFF"x","y"\n"1","2"\n', [1, 2], [1, 2]],
  ])("%s", async (name, text, shape, values) => {
    const array = await readArray(made(`${name.replace(/\W/g, "-")}.csv`, text));
    expect(array.shape).toEqual(shape);
    expect(Array.from(array.data)).toEqual(values);
  });

  it.each([
    ["a word among numbers", "1,2\n3,four\n", "line 2, column 2 must be a number, but got 'four'"],
    ["a ragged row", "1,2\n3\n", "line 2 must have 2 numbers like the first row, but got 1"],
    ["an empty field", "1,2\n,4\n", "line 2, column 1 must be a number, but got ''"],
    ["not a number", "1,2\nnan,4\n", "must hold finite numbers, but got NaN at line 2, column 1"],
    ["infinite in the first line", "x,y\n1,-inf\n", "-Infinity at line 2, column 2"],
    ["a header alone", "x,y\n", "is empty"],
    ["hexadecimal", "1\n0x10\n", "line 2, column 1 must be a number, but got '0x10'"],
  ])("refuses %s", async (name, text, message) => {
    const path = made(`bad-${name.replace(/\W/g, "-")}.csv`, text);
    const error = await failure(readArray(path));
    expect(error.message).toContain(path);
    expect(error.message).toContain(message);
  });
});

describe("bad array files", () => {
  const whole = () => new Uint8Array(readFileSync(fixture("float64.npy")));
  it.each([
    ["three-axes.npy", "(2, 2, 2)"],
    ["big-endian.npy", "dtype >f8"],
    ["complex.npy", "dtype <c16"],
    ["text.npy", "dtype <U1"],
    ["empty.npy", "is empty"],
    ["nan.npy", "NaN at [1, 1]"],
  ])("refuses %s", async (name, message) => {
    expect((await failure(readArray(fixture(name)))).message).toContain(message);
  });

  it("refuses what is truncated, malformed, empty or of another kind", async () => {
    const cases: [string, Uint8Array, string][] = [
      ["short.npy", whole().subarray(0, -5), "needs 48 bytes after its header at offset 128, but got 43"],
      ["long.npy", Uint8Array.of(...whole(), 0), "malformed"],
      ["head.npy", whole().subarray(0, 40), "the header should end at offset 128, but the file has 40 bytes"],
      ["word.npy", new TextEncoder().encode("1,2,3 and more text"), "is not a NumPy array file"],
      ["nothing.npy", new Uint8Array(0), "the file is empty"],
      ["version.npy", whole().fill(9, 6, 7), "unknown .npy version 9"],
      ["broken.npz", new TextEncoder().encode("not an archive at all, but a text"), "not a readable .npz archive"],
    ];
    for (const [name, bytes, message] of cases) {
      expect((await failure(readArray(made(name, bytes)))).message).toContain(message);
    }
    const cut = new Uint8Array(readFileSync(fixture("two.npz")));
    expect((await failure(readArray(made("cut.npz", cut.subarray(0, 200))))).message).toContain(".npz archive");
  });

  it("names missing paths, folders, unknown endings and wrong dimensions", async () => {
    expect((await failure(readArray(join(folder, "absent.npy")))).message).toContain("no such file");
    made("plain.csv", "1,2\n");
    expect((await failure(readArray(join(folder, "plain.csv", "x.npy")))).message).toContain("not a directory");
    expect((await failure(readArray(join(folder, "points.nyp")))).message).toContain(
      "got '.nyp'. Choose one of: .npy, .npz, .csv.",
    );
    const message = (await failure(readArray(fixture("float64.npy"), { dimension: 3 }))).message;
    expect(message).toContain("must have 3 columns, but got 2");
  });
});

describe("writing", () => {
  const values = Float64Array.of(0.1, -1 / 3, 5e-324, 1.7976931348623157e308, -0, 123456789.12345679);

  it("a .csv of more rows than one piece holds has them all", async () => {
    const path = join(folder, "long.csv");
    const values = Float64Array.from({ length: 2 * 10_001 }, (_, i) => i / 7);
    await writeArray(path, ndarray(values, [10_001, 2]));
    expect(readFileSync(path, "utf8").split("\n")).toHaveLength(10_002);
    expect((await readArray(path)).data).toEqual(values);
  });

  it.each(["a.npy", "a.npz", "a.csv"])("%s comes back with the same bits", async (name) => {
    const path = join(folder, "deep", "er", name);
    await writeArray(path, ndarray(values, [3, 2]));
    const back = await readArray(path);
    expect(back.shape).toEqual([3, 2]);
    const bits = (data: Float64Array) => [...new BigInt64Array(data.slice().buffer)];
    // A negative zero has no sign in the shortest decimal spelling.
    expect(bits(back.data)).toEqual(bits(name.endsWith("csv") ? values.map((v) => v + 0) : values));
  });

  it("writes views in row-major order", async () => {
    const path = join(folder, "view.npy");
    await writeArray(path, ndarray(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]).transpose(1, 0));
    expect(Array.from((await readArray(path)).data)).toEqual([1, 4, 2, 5, 3, 6]);
  });

  it("gives the same archive bytes twice", async () => {
    const paths = [join(folder, "first.npz"), join(folder, "second.npz")];
    for (const path of paths) await writeArray(path, ndarray(values, [6]));
    expect(readFileSync(paths[0]!)).toEqual(readFileSync(paths[1]!));
  });

  it("refuses a table of three axes and an unknown ending", async () => {
    const cube = ndarray(new Float64Array(8), [2, 2, 2]);
    expect((await failure(writeArray(join(folder, "cube.csv"), cube))).message).toContain("(2, 2, 2)");
    expect((await failure(writeArray(join(folder, "cube.dat"), cube))).message).toContain("Choose one of: .npy");
    await writeArray(join(folder, "cube.npy"), cube);
  });

  it.skipIf(!hasNumpy())("is read by NumPy bit for bit", async () => {
    const names = ["numpy.npy", "numpy.npz", "numpy.csv"];
    for (const name of names) await writeArray(join(folder, name), ndarray(values, [3, 2]), { key: "samples" });
    const program = [
      "import sys, numpy as np",
      "f = sys.argv[1]",
      "a = [np.load(f + '/numpy.npy'), np.load(f + '/numpy.npz')['samples'], np.loadtxt(f + '/numpy.csv', delimiter=',')]",
      "print(';'.join(str(x.dtype) + str(x.shape) + ','.join(v.hex() for v in (x + 0.0).ravel()) for x in a))",
    ].join("\n");
    const [npy, npz, csv] = execFileSync("python3", ["-c", program, folder], { encoding: "utf8" }).trim().split(";");
    expect(npy).toMatch(/^float64\(3, 2\)0x1\.999999999999ap-4,-0x1\.5555555555555p-2,/);
    expect(npz).toBe(npy);
    expect(csv).toBe(npy);
  });
});

function hasNumpy(): boolean {
  try {
    execFileSync("python3", ["-c", "import numpy"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
