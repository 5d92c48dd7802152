import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { onnxHere } from "../engine/engines-here.js";
import { scoreSde } from "./run.js";

const onnx = await onnxHere();
await onnx?.dispose();
const model = join(import.meta.dirname, "../fixtures/onnx/pytorch.onnx");
const named = ["--model", model, "--predicts", "noise", "--time", "t", "--sde", "vp", "--target", "bimodal"];

describe.skipIf(onnx === undefined)("an .onnx model on the command line", () => {
  it("has likelihoods beside the exact ones", async () => {
    const { code, stdout } = await scoreSde(["likelihood", ...named, "--samples", "200", "--rtol", "1e-4", "--json"]);
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ model: { path: model }, divergence: { kind: "exact", by: "differences" } });
    // The mean falls short of the exact one by the relative entropy, about E|score error|²: some hundredths of a nat here.
    expect(Math.abs(report.nats.value - report.exact.nats)).toBeLessThan(0.3);
  });

  it("is drawn from by the number of threads asked for", async () => {
    const { code, stdout } = await scoreSde([
      "sample",
      ...named,
      "--solver",
      "em",
      "--steps",
      "3",
      "--workers",
      "2",
      "--samples",
      "1500",
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/status +1500 success/);
  });

  it("takes the names of its inputs and output, and what its time is", async () => {
    const { code } = await scoreSde([
      ...["sample", ...named, "--solver", "em", "--steps", "3", "--samples", "10"],
      ...["--inputs", "x=sample,t=timestep", "--output", "noise", "--time", "t", "--time-scale", "1"],
    ]);
    expect(code).toBe(0);
  });

  it("tells an input of whole numbers the index of the step", async () => {
    const whole = join(import.meta.dirname, "../fixtures/engine/foreign.onnx");
    const argv = ["sample", "--model", whole, "--predicts", "noise", "--sde", "vp", "--target", "two-moons"];
    const short = ["--solver", "ddim", "--steps", "1", "--samples", "10"];
    const { code, stderr } = await scoreSde([...argv, ...short]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/'t' takes whole numbers, but got times from 0\.001 to 1 - give time \(--time index/);
    expect((await scoreSde([...argv, ...short, "--time", "index"])).code).toBe(0);
  });

  it("stands alone where nothing is compared: its samples and likelihoods need no data law", async () => {
    const alone = ["--model", model, "--predicts", "noise", "--time", "t", "--sde", "vp"];
    const folder = mkdtempSync(join(tmpdir(), "score-sde-alone-"));
    const points = join(folder, "points.csv");
    const drawing = ["--solver", "ddim", "--steps", "3", "--samples", "10"];
    const drawn = await scoreSde(["sample", ...alone, ...drawing, "--json", "--to", points]);
    expect(drawn.code).toBe(0);
    expect(JSON.parse(drawn.stdout)).toMatchObject({ target: null, data: null, dimension: 1, model: { path: model } });
    const text = await scoreSde(["sample", ...alone, ...drawing]);
    expect(text.stdout).toContain(`model ${model} under vp`);
    expect(text.stdout).not.toContain("data");
    const beside = await scoreSde(["sample", ...named, ...drawing, "--json"]);
    expect(JSON.parse(beside.stdout).mean).toEqual(JSON.parse(drawn.stdout).mean);
    const likely = await scoreSde(["likelihood", ...alone, "--points", points, "--json"]);
    expect(likely.code).toBe(0);
    expect(JSON.parse(likely.stdout)).toMatchObject({ target: null, exact: null, count: 10, succeeded: 10 });
    const pointless = await scoreSde(["likelihood", ...alone]);
    expect(pointless.code).toBe(2);
    expect(pointless.stderr).toMatch(/points: a model alone has no data.*give --points or --target/);
    rmSync(folder, { recursive: true });
  });

  it.each([
    [["sample", ...named, "--inputs", "x=sample,t=timesteps"], /no input called 'timesteps'\. Did you mean 'timestep'/],
    [["sample", ...named, "--inputs", "y=sample"], /inputs: must be pairs of x, t or label/],
    [["sample", ...named, "--workers", "0"], /workers: must be a whole number/],
    [["sample", "--workers", "2"], /workers: draw from a trained model without a class, but got no --model/],
    [
      ["sample", "--model", "run", "--predicts", "noise"],
      /predicts: belongs to .*the folder of a training run says it/,
    ],
    [["sample", "--model", "model.json", "--output", "y"], /output: belongs to an \.onnx model, but got model\.json/],
    [["likelihood", "--time", "sigma"], /time: is said of a model, but got no --model/],
    [["likelihood", ...named.slice(0, -1), "two-moons"], /has dimension 1, but got two-moons of dimension 2/],
  ])("%j is refused", async (argv, message) => {
    const { code, stderr } = await scoreSde(argv);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
