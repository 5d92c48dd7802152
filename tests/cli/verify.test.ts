import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scoreSde, scratchDirectory } from "./run.js";

const directory = scratchDirectory();

describe("fokker-planck", () => {
  it("shows verdicts and planted mistakes, and writes the report", async () => {
    const out = join(directory, "check");
    const { code, stdout } = await scoreSde(["fokker-planck", "--samples", "300", "--out", out, "--quiet"]);
    expect(code).toBe(0);
    expect(stdout).toContain("All 22 checks hold; all 8 planted mistakes were caught.");
    expect(stdout).toMatch(/dropped-half +caught +transport/);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
    const json = JSON.parse(readFileSync(join(out, "results.json"), "utf8"));
    expect(json).toMatchObject({ schema: "score-sde/fokker-planck@1", passed: true, score: "exact" });
    expect(Object.keys(json)).toEqual(["schema", "stamp", "sde", "target", "score", "passed", "checks", "controls"]);
    const html = readFileSync(join(out, "report.html"), "utf8");
    for (const name of ["density-evolution", "density-1", "density-2", "density-3", "score-residual"]) {
      expect(html).toContain(`id="${name}"`);
      expect(existsSync(join(out, `${name}.svg`)) && existsSync(join(out, `${name}.png`))).toBe(true);
    }
  });

  it("takes a drift that is nonlinear in x, and prints JSON alone", async () => {
    const sde = "custom:drift=x-x^3,diffusion=1,tMax=0.5";
    const target = "gaussian:mean=0.3,standardDeviation=0.3";
    const args = ["--sde", sde, "--target", target, "--samples", "300", "--no-controls", "--json"];
    const { code, stdout, stderr } = await scoreSde(["fokker-planck", ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { checks, controls, score } = JSON.parse(stdout);
    expect({ controls, score }).toEqual({ controls: [], score: "from the density" });
    expect(checks.map(({ name }: { name: string }) => name)).toContain("reverse-density");
  });

  it("checks a law in the plane, with maps of it", async () => {
    const out = join(directory, "plane");
    const args = ["fokker-planck", "--target", "eight-gaussians", "--samples", "200", "--out", out, "--quiet"];
    const { code, stdout } = await scoreSde(args);
    expect(code).toBe(0);
    expect(stdout).toContain("All 20 checks hold; all 9 planted mistakes were caught.");
    expect(stdout).toMatch(/turned-score +caught +gradient/);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
    const json = JSON.parse(readFileSync(join(out, "results.json"), "utf8"));
    expect(json).toMatchObject({ schema: "score-sde/fokker-planck@1", passed: true, target: { dimension: 2 } });
    const html = readFileSync(join(out, "report.html"), "utf8");
    for (const name of ["density-plane", "generated-plane", "score-residual"]) {
      expect(html).toContain(`id="${name}"`);
      expect(existsSync(join(out, `${name}.png`))).toBe(true);
      // Charts stay under 200 kB.
      expect(statSync(join(out, `${name}.svg`)).size).toBeLessThan(200_000);
    }
  });

  it("refuses space, and too few samples for the plane, with exit code 2", async () => {
    const space = await scoreSde(["fokker-planck", "--target", "digits"]);
    expect({ code: space.code, stdout: space.stdout }).toEqual({ code: 2, stdout: "" });
    expect(space.stderr).toContain("on the line or in the plane");
    const few = await scoreSde(["fokker-planck", "--target", "two-moons", "--samples", "10"]);
    expect({ code: few.code, stdout: few.stdout }).toEqual({ code: 2, stdout: "" });
    expect(few.stderr).toContain("samples: must be at least 20");
  });
});

describe("verify", () => {
  it("shows verdicts and writes the report", async () => {
    const out = join(directory, "verify");
    const only = "schedule,kernels,gaussianity,variance-ledger,elbo-ledger";
    const { code, stdout } = await scoreSde(["verify", "--only", only, "--out", out, "--quiet"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/All \d+ checks hold\.\n$/);
    const json = JSON.parse(readFileSync(join(out, "results.json"), "utf8"));
    expect(json).toMatchObject({ schema: "score-sde/verify@1", passed: true });
    expect(json.ledgers.map(({ name }: { name: string }) => name)).toEqual([
      "variance-ddim",
      "variance-ddpm",
      "variance-ddpm-optimal",
      "elbo",
    ]);
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain('id="gaussianity"');
  });

  it("checks a trained model, and fails it at a tolerance it does not keep", async () => {
    const model = join(import.meta.dirname, "../fixtures/verification/bimodal.onnx");
    const args = ["verify", "--target", "bimodal", "--model", model, "--only", "score,transport-cost"];
    const { code, stdout } = await scoreSde(args);
    expect(code).toBe(0);
    expect(stdout).toContain("1 figure of the model is reported without a bound");
    expect((await scoreSde([...args, "--model-tolerance", "1e-3"])).code).toBe(1);
    const without = await scoreSde(["verify", "--model-tolerance", "1e-3"]);
    expect({ code: without.code, stdout: without.stdout }).toEqual({ code: 2, stdout: "" });
    expect(without.stderr).toContain("give --model");
  });

  it("exits with 1 when a check fails", async () => {
    // A process that is cut off long before its data are forgotten does not end at its prior.
    const { code, stdout } = await scoreSde(["verify", "--sde", "vp:tMax=0.2", "--only", "terminal"]);
    expect(code).toBe(1);
    expect(stdout).toContain("1 of 2 checks fail: prior");
    expect(stdout).toMatch(/FAIL +prior/);
  });

  it("refutes misstatements", async () => {
    const { code, stdout } = await scoreSde(["verify", "--misstatements"]);
    expect(code).toBe(0);
    expect(stdout.match(/refuted:/g)).toHaveLength(9);
    expect(stdout).not.toContain("NOT REFUTED");
    expect(stdout).toContain("to variance 0.692");
  });

  it("plants faults, and shows what catches each", async () => {
    const out = join(directory, "planted");
    const { code, stdout } = await scoreSde(["verify", "--planted", "--samples", "500", "--out", out, "--quiet"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/SDE +drift of the wrong s.* +drift +0\.663 +≤ 1\.\d\de-11/);
    expect(stdout).toMatch(/All 28 planted faults were caught; without a fault every check holds\.\n$/);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
    const json = JSON.parse(readFileSync(join(out, "results.json"), "utf8"));
    expect(json).toMatchObject({ schema: "score-sde/planted-faults@1", passed: true, failing: [] });
    expect(json.faults[0]).toMatchObject({ place: "SDE", name: "drift-sign", caught: true, by: { name: "drift" } });
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain("All 28 planted faults were caught");
    // The prior is wrong without a fault, and more so with one.
    const missed = await scoreSde(["verify", "--planted", "--sde", "vp:tMax=0.2", "--samples", "500"]);
    expect(missed.code).toBe(1);
    expect(missed.stdout).toContain("All 28 planted faults were caught; without any fault these checks fail");
    const model = await scoreSde([
      "verify",
      "--planted",
      "--model",
      join(import.meta.dirname, "../fixtures/verification/bimodal.onnx"),
    ]);
    expect(model.code).toBe(2);
    expect(model.stderr).toContain("leave --model out");
  });

  it("names unknown verifications", async () => {
    const { code, stderr } = await scoreSde(["verify", "--only", "elbo"]);
    expect(code).toBe(2);
    expect(stderr).toContain("elbo-ledger");
  });
});
