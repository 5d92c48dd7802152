import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encode } from "fast-png";
import ndarray from "ndarray";
import { afterAll, describe, expect, it } from "vitest";
import { readArray, writeArray } from "../../src/files/index.js";
import { vp } from "../../src/sdes/index.js";
import { toy } from "../../src/targets/index.js";
import { findCheckpoint, type TrainOptions, train } from "../../src/training/index.js";
import { MAIN, runProgram, scoreSde, scratchDirectory } from "./run.js";

const scratch = scratchDirectory();
const TRAIN = [
  ...["train", "--target", "bimodal", "--network", "mlp:width=8,depth=1", "--batch", "32", "--seed", "3"],
  ...["--sample-every", "0"],
];
const checkpoints = (out: string) => readdirSync(join(out, "checkpoints")).filter((name) => name.startsWith("step-"));

const TRAIN_HERE = {
  sde: vp(),
  data: toy("bimodal"),
  network: "mlp:width=8,depth=1",
  batch: 32,
  seed: 3,
  sampleEvery: 0,
} as const;

/** The parameters of a run in this process that nothing disturbs. */
async function undisturbed(options: Partial<TrainOptions>): Promise<Float32Array> {
  const { model } = await train({ ...TRAIN_HERE, ...options });
  await model.dispose();
  return model.trained.parameters;
}

async function parametersIn(out: string): Promise<Float32Array> {
  const found = await findCheckpoint(out);
  return Float32Array.from(found!.checkpoint.state.average);
}

describe("a run that is killed", () => {
  it("in the middle and resumed ends with the parameters of one that was left alone, bit for bit", async () => {
    const out = join(scratch, "broken");
    const args = [...TRAIN, "--steps", "240", "--checkpoint-every", "20", "--out", out];
    const killed = await scoreSde(args, {
      afterSpawn(child) {
        const timer = setInterval(() => {
          if (!existsSync(join(out, "checkpoints", "step-000000060"))) return;
          clearInterval(timer);
          child.kill("SIGKILL");
        }, 1);
        child.on("close", () => clearInterval(timer));
      },
    });
    expect(killed.signal).toBe("SIGKILL");
    // As if the kill had come in the middle of writing: the newest checkpoint is torn.
    truncateSync(join(out, "checkpoints", checkpoints(out).at(-1)!, "parameters.npy"), 80);
    const { pid: ended } = spawnSync(process.execPath, ["--version"]);
    for (const id of [ended, process.pid]) mkdirSync(join(out, "checkpoints", `.part-80-${id}`));
    const resumed = await scoreSde([...args, "--resume", "--json"]);
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toMatch(/warning: passed over .*parameters\.npy: its checksum is not/);
    // What is half written goes, but that of a process that is still at it.
    expect(readdirSync(join(out, "checkpoints")).filter((name) => name.startsWith(".part-"))).toEqual([
      `.part-80-${process.pid}`,
    ]);
    expect(await parametersIn(out)).toEqual(await undisturbed({ steps: 240 }));
  });
});

const canMount = process.platform === "linux" && process.getuid?.() === 0;

describe.runIf(canMount)("a disk that fills up", () => {
  const small = join(scratch, "small");
  mkdirSync(small);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", small]).status === 0;
  afterAll(() => {
    if (mounted) spawnSync("umount", [small]);
  });

  it.runIf(mounted)(
    "ends training with the reason; the last checkpoint is sound and training goes on from it",
    async () => {
      const options = { steps: 60, checkpointEvery: 10, directory: join(small, "run") };
      const other = join(small, "other");
      const attempt = train({
        ...TRAIN_HERE,
        ...options,
        onProgress({ step }) {
          if (step === 35) writeUntilFull(other);
        },
      });
      await expect(attempt).rejects.toThrow(
        /no space is left on the device.* Training stopped at step 40; the checkpoint of step 30 is sound/,
      );
      expect(checkpoints(options.directory)).toEqual(["step-000000020", "step-000000030"]);
      rmSync(other);
      const resumed = await train({ ...TRAIN_HERE, ...options, resume: true });
      await resumed.model.dispose();
      expect(resumed.model.trained.parameters).toEqual(await undisturbed({ steps: 60 }));
    },
  );

  function writeUntilFull(path: string): void {
    for (const size of [2 ** 14, 2 ** 12, 1]) {
      try {
        for (;;) writeFileSync(path, Buffer.alloc(size), { flag: "a" });
      } catch {
        // The next smaller piece may still fit.
      }
    }
  }
});

describe.runIf(process.platform !== "win32")("a limit on the size of files", () => {
  it("ends training, and nothing that was there is lost", async () => {
    const out = join(scratch, "limited");
    const settings = { decay: "constant", directory: out } as const;
    const before = await undisturbed({ ...settings, steps: 20 });
    const again = [...TRAIN, "--steps", "40", "--decay", "constant", "--out", out, "--resume"];
    // One block is 512 or 1024 bytes, less than a checkpoint's arrays; the signal of the limit is ignored, as shells may have it.
    const limit = `ulimit -f 1; trap '' XFSZ; exec "$@"`;
    const limited = await runProgram("sh", ["-c", limit, "sh", process.execPath, MAIN, ...again]);
    expect(limited.code).toBe(2);
    expect(limited.stderr).toMatch(/cannot write it, the file would be too large/);
    expect(await parametersIn(out)).toEqual(before);
    const resumed = await undisturbed({ ...settings, steps: 40, resume: true });
    expect(resumed).toEqual(await undisturbed({ steps: 40, decay: "constant" }));
  });
});

describe("a folder of images", () => {
  const folder = join(scratch, "images");
  const image = (i: number, side = 8) =>
    encode({
      width: side,
      height: side,
      channels: 1,
      depth: 8,
      data: Uint8Array.from({ length: side * side }, (_, k) => (k % side === i % side ? 255 : 40)),
    });
  for (const [name, shift] of [
    ["odd", 1],
    ["even", 0],
  ] as const) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let i = 0; i < 16; i++) writeFileSync(join(folder, name, `${i}.png`), image(2 * i + shift));
  }
  const network = ["--network", "unet:channels=4,levels=2,attention=false", "--batch", "8", "--steps", "6"];

  it("trains a U-Net with a class per subfolder, and draws pictures of a class", async () => {
    const out = join(scratch, "images-run");
    const trained = await scoreSde(["train", "--data", folder, ...network, "--out", out, "--json"]);
    expect(trained).toMatchObject({ code: 0, stderr: "" });
    const { network: built, standardisation, history } = JSON.parse(trained.stdout);
    expect(built).toMatchObject({ shape: [8, 8, 1], classes: 2 });
    expect(standardisation.scale).toHaveLength(64);
    expect(history.at(-1).memorisation).toMatchObject({ closer: expect.any(Number) });
    expect(readdirSync(out)).toEqual(expect.arrayContaining(["samples.png", "sampling-error.svg", "memorisation.svg"]));
    const sampling = ["sample", "--data", folder, "--model", out, "--solver", "ddim", "--steps", "3", "--samples", "4"];
    const [plain, guided] = await Promise.all([
      scoreSde([...sampling, "--to", join(scratch, "plain.npy")]),
      scoreSde([...sampling, "--class", "1", "--guidance", "2", "--to", join(scratch, "guided.npy")]),
    ]);
    expect([plain.code, guided.code]).toEqual([0, 0]);
    const [a, b] = await Promise.all(["plain", "guided"].map((name) => readArray(join(scratch, `${name}.npy`))));
    expect(a!.shape).toEqual([4, 64]);
    expect([...a!.data]).not.toEqual([...b!.data]);
  });

  it("with one of another size, or one that is torn, is refused by its name", async () => {
    const mixed = join(scratch, "mixed");
    mkdirSync(mixed);
    for (let i = 0; i < 4; i++) writeFileSync(join(mixed, `${i}.png`), image(i));
    writeFileSync(join(mixed, "wide.png"), image(0, 9));
    const wide = await scoreSde(["train", "--data", mixed, ...network]);
    expect(wide.stderr).toMatch(/wide\.png: must be 8 × 8 in grey like .*0\.png, but got 9 × 9 in grey/);
    writeFileSync(join(mixed, "wide.png"), image(0).subarray(0, 60));
    const torn = await scoreSde(["train", "--data", mixed, ...network]);
    expect(torn.stderr).toMatch(/wide\.png: is not a PNG image that can be read/);
    expect([wide.code, torn.code]).toEqual([2, 2]);
  });
});

describe("data that cannot be learnt from", () => {
  const file = async (name: string, values: readonly number[], columns = 1) => {
    const path = join(scratch, name);
    await writeArray(path, ndarray(Float64Array.from(values), [values.length / columns, columns]));
    return path;
  };
  const many = Array.from({ length: 60 }, (_, i) => Math.sin(i));

  it.each<[string, () => Promise<string>, RegExp]>([
    ["NaN", () => file("nan.npy", [...many, Number.NaN]), /must be finite, but got NaN in .*nan\.npy: \[60, 0\]/],
    [
      "a constant column",
      () =>
        file(
          "flat.npy",
          many.flatMap((x) => [x, 7]),
          2,
        ),
      /column 1 is constant at 7/,
    ],
    ["fewer rows than a batch", () => file("few.npy", many), /batch: must not exceed .*54 of 60\), but got 64/],
  ])("%s is refused in one line", async (_name, make, message) => {
    const { code, stdout, stderr } = await scoreSde(["train", "--data", await make(), "--batch", "64"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("a rate far too high ends with status 3, the reason, and the parameters of before", async () => {
    const out = join(scratch, "exploded");
    const wild = await scoreSde([
      ...TRAIN,
      "--steps",
      "50",
      "--learning-rate",
      "1e30",
      "--clip",
      "1e30",
      "--warm-up",
      "0",
      "--out",
      out,
    ]);
    expect(wild.code).toBe(3);
    expect(wild.stderr).toMatch(
      /step \d+: .* in batch \d+.* - the parameters of step 0 are kept; lower the learning rate/,
    );
  });
});
