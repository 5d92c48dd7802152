import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { readArray } from "../../src/files/index.js";
import { sample } from "../../src/sampling/sample.js";
import { vp } from "../../src/sdes/index.js";
import { toy } from "../../src/targets/index.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "score-sde-"));
afterAll(() => rmSync(directory, { recursive: true }));

function run(...argv: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "src/cli/main.ts", ...argv], {
    cwd: root,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

describe("sample", () => {
  it("says the whole covariance up to 16 dimensions, above the variances alone", () => {
    const reportOf = (dimension: number) => {
      const target = `gaussian:mean=[${new Array(dimension).fill(0.5)}]`;
      const { stdout } = run("sample", "--target", target, "--solver", "ddim", "--steps", "3", "--json");
      return JSON.parse(stdout);
    };
    const [small, large] = [reportOf(16), reportOf(17)];
    expect(small.variance).toEqual(small.covariance.map((row: number[], d: number) => expect.closeTo(row[d]!, 12)));
    expect(small.data.variance).toEqual(new Array(16).fill(1));
    expect(large).toMatchObject({ covariance: null, data: { covariance: null, variance: new Array(17).fill(1) } });
    expect(large.variance).toHaveLength(17);
  });

  it("writes what the library draws, a picture and its summary", async () => {
    const out = join(directory, "drawn");
    const to = join(directory, "moons.csv");
    const { status, stdout } = run(
      ..."sample --target two-moons --solver pc:snr=0.16 --steps 5 --samples 300 --first-sample 40 --seed 3 --json".split(
        " ",
      ),
      "--out",
      out,
      "--to",
      to,
    );
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      schema: "score-sde/sample@1",
      solver: "pc",
      steps: 5,
      samples: 300,
      firstSample: 40,
      evaluations: 10,
      statuses: { success: 300 },
    });
    const target = toy("two-moons");
    const drawn = await sample({
      sde: vp(),
      target,
      solver: "pc:snr=0.16",
      steps: 5,
      samples: 300,
      firstSample: 40,
      seed: 3,
    });
    const file = await readArray(join(out, "samples.npy"));
    expect(file.shape).toEqual([300, 2]);
    expect(file.data).toEqual(drawn.samples.data);
    expect((await readArray(to)).data).toEqual(drawn.samples.data);
    const mean = drawn.samples.data.filter((_, i) => i % 2 === 0).reduce((sum, x) => sum + x, 0) / 300;
    expect(report.mean[0].value).toBeCloseTo(mean, 12);
    expect(report.data.mean).toEqual([...target.mean]);
    expect(JSON.parse(readFileSync(join(out, "results.json"), "utf8"))).toEqual(report);
    expect(readFileSync(join(out, "samples.svg"), "utf8")).toContain("300 samples of two-moons by pc");
    expect(readFileSync(join(out, "samples.png")).subarray(1, 4).toString()).toBe("PNG");
  });

  it("tells people in a few lines", () => {
    const { status, stdout } = run(..."sample --samples 50 --rtol 1e-3 --atol 1e-3".split(" "));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^solver +rk45, rtol 0\.001, atol 0\.001\n/);
    expect(stdout).toMatch(/\nstatus +50 success\n/);
  });

  it("draws from the points of a file", async () => {
    const data = join(directory, "data.csv");
    writeFileSync(data, "1\n2\n4\n");
    const to = join(directory, "copies.npy");
    const { status } = run(
      "sample",
      "--data",
      data,
      ..."--solver ddpm --steps 3 --posterior sample --denoise --samples 40".split(" "),
      "--to",
      to,
    );
    expect(status).toBe(0);
    // A draw of x0 is one of the points, exactly.
    for (const value of (await readArray(to)).data) expect([1, 2, 4]).toContain(value);
  });

  it.each([
    [["sample", "--steps", "5", "--to", "samples.npy"], /steps: rk45 chooses its own steps/],
    [["likelihood", "--points", "nowhere.npy"], /nowhere\.npy/],
  ])("%j is a usage error", (argv, message) => {
    const { status, stdout, stderr } = run(...argv);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
  });
});

describe("likelihood", () => {
  it("gives nats, bits and standard errors for the points of a file", async () => {
    const points = join(directory, "points.csv");
    writeFileSync(points, "0.45\n-2\n");
    const out = join(directory, "likelihood");
    const argv = [
      "likelihood",
      "--target",
      "trimodal",
      "--points",
      points,
      "--out",
      out,
      "--bin-width",
      "0.0625",
      "--json",
    ];
    const { status, stdout } = run(...argv, ..."--divergence hutchinson --probes 2 --rtol 1e-7 --atol 1e-7".split(" "));
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ schema: "score-sde/likelihood@1", count: 2, succeeded: 2, offset: 4 });
    expect(report.divergence).toEqual({ kind: "hutchinson", by: "differences", probes: 2, distribution: "rademacher" });
    // In one dimension ±1 probes are exact; the prior differs from p_tMax by 1e-3 at most where |z| < 3.
    expect(report.exact.largestDifference).toBeLessThan(2e-3);
    const values = await readArray(join(out, "values.npy"));
    expect(values.shape).toEqual([2, 3]);
    expect(values.get(0, 1)).toBeCloseTo(-values.get(0, 0) / Math.LN2 + 4, 12);
    expect(report.nats.value).toBeCloseTo((values.get(0, 0) + values.get(1, 0)) / 2, 12);
  });

  it("takes samples of the data law where no points are given", () => {
    const { status, stdout } = run(..."likelihood --samples 20 --sde ve".split(" "));
    expect(status).toBe(0);
    expect(stdout).toMatch(/points +20 samples of trimodal\n/);
    expect(stdout).toMatch(/divergence +exact, as the model knows it\n/);
  });
});
