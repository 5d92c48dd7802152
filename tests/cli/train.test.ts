import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ndarray from "ndarray";
import { describe, expect, it } from "vitest";
import { readArray, writeArray } from "../../src/files/index.js";
import { scoreSde, scratchDirectory } from "./run.js";

const scratch = scratchDirectory();
const SETTINGS = ["--network", "mlp:width=8,depth=1", "--batch", "32", "--steps", "20"];
const SMALL = ["train", "--target", "bimodal", ...SETTINGS];

describe("train", () => {
  it("writes checkpoints, metrics, curves and an .onnx file; compare and sample read both", async () => {
    const out = join(scratch, "run");
    const exported = join(scratch, "model.onnx");
    const trained = await scoreSde([...SMALL, "--out", out, "--export", exported, "--json"]);
    expect(trained).toMatchObject({ code: 0, stderr: "" });
    const result = JSON.parse(trained.stdout);
    expect(result).toMatchObject({ schema: "score-sde/train@1", status: "success", step: 20, predicts: "data" });
    expect(result.history.at(-1).scoreError).toHaveLength(8);
    expect(readdirSync(out).sort()).toEqual(
      expect.arrayContaining([
        "checkpoints",
        "learning-curve.png",
        "learning-curve.svg",
        "metrics.jsonl",
        "report.html",
        "results.json",
      ]),
    );
    expect(readFileSync(join(out, "metrics.jsonl"), "utf8").trim().split("\n")).toHaveLength(result.history.length);
    const compare = [
      "compare",
      "--target",
      "bimodal",
      "--solvers",
      "ddim",
      "--steps",
      "5",
      "--samples",
      "64",
      "--json",
    ];
    const runs = await Promise.all(
      [out, exported].map((model) => scoreSde([...compare, "--repeats", "2", "--model", model])),
    );
    const [folder, onnx] = runs.map(({ stdout }) => JSON.parse(stdout).runs[0].metrics.w2.value);
    expect(folder).toBeGreaterThan(0);
    // The same network twice, to float32.
    expect(onnx / folder).toBeCloseTo(1, 4);
    const drawn = join(scratch, "drawn.npy");
    const sampled = await scoreSde(["sample", "--target", "bimodal", "--model", out, "--samples", "16", "--to", drawn]);
    expect(sampled.code).toBe(0);
    expect((await readArray(drawn)).shape).toEqual([16, 1]);
  });

  it("refuses to overwrite a run, and goes on from it with --resume", async () => {
    const out = join(scratch, "run");
    expect(await scoreSde([...SMALL, "--out", out])).toMatchObject({ code: 2, stdout: "" });
    const resumed = await scoreSde([...SMALL, "--out", out, "--resume", "--json"]);
    expect(resumed.code).toBe(0);
    expect(JSON.parse(resumed.stdout).step).toBe(20);
  });

  it("tells, also quietly, that --resume found nothing and begins", async () => {
    const out = join(scratch, "nothing");
    const begun = await scoreSde([...SMALL, "--out", out, "--resume", "--quiet", "--json"]);
    expect(begun.code).toBe(0);
    expect(begun.stderr).toBe(`warning: nothing to resume in ${out}; the run begins at step 0\n`);
    expect(JSON.parse(begun.stdout).step).toBe(20);
  });

  it("stops on Ctrl-C with a checkpoint that goes on to the same end", async () => {
    const out = join(scratch, "stopped");
    const long = [...SMALL.slice(0, -1), "4000", "--decay", "constant", "--out", out, "--checkpoint-every", "5"];
    const stopped = await scoreSde(long, {
      afterSpawn(child) {
        const timer = setInterval(() => {
          if (!existsSync(join(out, "checkpoints", "step-000000005"))) return;
          clearInterval(timer);
          child.kill("SIGINT");
        }, 2);
        child.on("close", () => clearInterval(timer));
      },
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(/stopped on request after \d+ of 4000 steps; resume goes on from there/);
    const last = Number(readdirSync(join(out, "checkpoints")).at(-1)!.slice(5));
    const steps = String(last + 3);
    const finish = ["--decay", "constant", "--json", "--steps", steps];
    const resumed = await scoreSde([...SMALL, ...finish, "--out", out, "--resume"]);
    const whole = await scoreSde([...SMALL, ...finish, "--out", join(scratch, "whole")]);
    expect(JSON.parse(resumed.stdout).step).toBe(last + 3);
    const read = (directory: string) =>
      readFileSync(join(directory, "checkpoints", `step-${steps.padStart(9, "0")}`, "average.npy"));
    expect(read(out).equals(read(join(scratch, "whole")))).toBe(true);
    expect(whole.code).toBe(0);
  });

  it("standardises data files, and samples come back in their units", async () => {
    const rows = Float64Array.from({ length: 400 }, (_, i) =>
      i % 2 === 0 ? 500 + 20 * Math.sin(i) : 0.1 * Math.cos(3 * i),
    );
    const data = join(scratch, "data.csv");
    await writeArray(data, ndarray(rows, [200, 2]));
    const out = join(scratch, "data-run");
    expect((await scoreSde(["train", ...SETTINGS, "--data", data, "--out", out])).code).toBe(0);
    const drawn = join(scratch, "data-drawn.npy");
    const sampled = await scoreSde(["sample", "--data", data, "--model", out, "--samples", "200", "--to", drawn]);
    expect(sampled).toMatchObject({ code: 0 });
    const samples = (await readArray(drawn)).data;
    const first = samples.filter((_, i) => i % 2 === 0);
    const mean = first.reduce((sum, x) => sum + x, 0) / 200;
    // An untrained network is the denoiser of a Gaussian of the same mean and size: standard error 14/√200 = 1.
    expect(Math.abs(mean - 500)).toBeLessThan(8);
    const refused = await scoreSde(["compare", "--target", "two-moons", "--model", out]);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toMatch(/works in units of its standardised data/);
  });

  it.each([
    [["--network", "mlpp"], /Did you mean 'mlp'/],
    [["--predicts", "nois"], /predicts/],
    [["--export", "model.txt"], /must end in \.onnx/],
    [["--resume"], /needs the directory/],
    [["--data", "nowhere.csv", "--target", "bimodal"], /cannot be given together|nowhere/],
    [["--engine", "tensorflow"], /engine 'tensorflow'/],
  ])("%j is refused in one line", async (extra, message) => {
    const { code, stdout, stderr } = await scoreSde([...SMALL, ...extra]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});
