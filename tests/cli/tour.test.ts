import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scoreSde, scratchDirectory } from "./run.js";

const directory = scratchDirectory();
const SMALL =
  "--sdes vp --target bimodal --network mlp:width=4,depth=1 --training-steps 5 --samples 32 --repeats 2 --evaluations 10 --solvers em,ode-heun --no-controls";
const small = ["tour", ...SMALL.split(" ")];

describe("tour", () => {
  it("writes one page, results.json and its charts; prints the same JSON; code 0", async () => {
    const out = join(directory, "out");
    const { code, stdout, stderr } = await scoreSde([...small, "--json", "--out", out]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { schema, stamp, processes, passed } = JSON.parse(stdout);
    expect({ schema, passed }).toEqual({ schema: "score-sde/tour@1", passed: true });
    expect(stamp).toMatchObject({ seed: 0, config: { trainingSteps: 5, samples: 32, solvers: ["em", "ode-heun"] } });
    expect(stamp.argv).toContain("tour");
    expect(processes[0].exact.map(({ steps }: { steps: number }) => steps)).toEqual([10, 5]);
    expect(readFileSync(join(out, "results.json"), "utf8")).toBe(stdout);
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain("<h2>Samplers against the truth</h2>");
    expect(readdirSync(out)).toEqual(expect.arrayContaining(["samples-vp.svg", "samples-vp.png", "generated-vp.svg"]));
  }, 180_000);

  it.each([
    [["--target", "two-moons"], /needs a law on the line/],
    [["--sdes", "vp,vee"], /vee/],
    [["--training-steps", "0"], /training-steps: must be a whole number ≥ 1/],
    [["--target", "bimodal", "--network", "mpl"], /Did you mean mlp|mlp/],
  ])("refuses %j before any work, code 2", async (change, message) => {
    const { code, stdout, stderr } = await scoreSde([...small, ...change]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });
});
