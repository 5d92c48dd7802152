import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { runSolver, uniformGrid } from "../../solvers/index.js";
import { batchSpace } from "../../solvers/spaces/batch.js";
import { isSolverFile, loadSolver } from "../../src/cli/load-solver.js";
import { solverList } from "../../src/cli/solver-list.js";
import { converge } from "../../src/experiments/converge.js";
import { exactScore } from "../../src/scores/index.js";
import { createSde } from "../../src/sdes/registry.js";
import { gaussian } from "../../src/targets/index.js";
import { runProgram } from "./run.js";

const OWN = fileURLToPath(new URL("../fixtures/own-solver.mjs", import.meta.url));
const LOAD = new URL("../../dist/src/cli/load-solver.js", import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), "own-solver-"));
afterAll(() => rmSync(folder, { recursive: true }));

const FACTS =
  "name: 'mine', summary: '', source: '', stochastic: false, order: 1, evaluationsPerStep: 1, kind: 'fixed', options: {}, couplesBatch: false, check() {},";

function file(name: string, source: string): string {
  const path = join(folder, name);
  writeFileSync(path, source);
  return path;
}

/** A module whose solver runs this body. */
function running(name: string, body: string): string {
  return file(name, `export const solver = { ${FACTS} async *run({ grid, space }) { ${body} } };`);
}

async function run(path: string) {
  const sde = await createSde("vp");
  const solver = await loadSolver(path);
  if (solver.kind !== "fixed") throw new Error("adaptive");
  const model = exactScore(gaussian({ mean: 0, standardDeviation: 1 }), sde);
  const space = batchSpace({ model, count: 1, start: Float64Array.of(0), noise: (_i, _s, _k, out) => out.fill(0) });
  return runSolver(solver, { schedule: sde, grid: uniformGrid.create(sde, 4), space });
}

it("tells files from names", () => {
  expect(["./mine.ts", "mine.js", "/a/b.mjs:eta=0.5", "../x.cjs"].map(isSolverFile)).toEqual([true, true, true, true]);
  expect(["em", "pc:snr=0.16", "dpm++2m", "ode-heun:variable=rho"].map(isSolverFile)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

it("loads a solver, which then gets its certificate", async () => {
  const [own, known] = await solverList("solvers", `${OWN},em`);
  expect(own).toMatchObject({ name: "my-heun", order: 2 });
  expect(known).toBe("em");
  const target = gaussian({ mean: 0.7, standardDeviation: 0.5 });
  const { rows } = await converge({ sde: await createSde("vp"), target, solvers: [own!], steps: [40, 80, 160, 320] });
  expect(rows[0]).toMatchObject({ solver: "my-heun", verdict: "certified" });
});

it("reads TypeScript with types, enums and imports of other TypeScript", async () => {
  file("weights.ts", "export const half: number = 0.5 as const;");
  const path = file(
    "mine.ts",
    `import type { FixedSolver } from "score-sde/solvers";
import { half } from "./weights.js";
enum Stage { First = 1 }
interface Options { readonly weight: number }
const options: Options = { weight: half * Stage.First };
export const solver = { ${FACTS} options, async *run() {} } satisfies Partial<FixedSolver>;`,
  );
  // Vitest would read TypeScript itself.
  const program = `import(${JSON.stringify(LOAD)}).then(({ loadSolver }) => loadSolver(${JSON.stringify(path)})).then(({ name, options }) => console.log(name, options.weight))`;
  const { code, stdout, stderr } = await runProgram(process.execPath, ["-e", program]);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "mine 0.5\n", stderr: "" });
});

it("gives options to a factory, and takes it from any export", async () => {
  const path = file(
    "factory.mjs",
    `export const anyName = { name: 'mine', order: 1, optionSet: {}, create: (options) => ({ ${FACTS} options, async *run() {} }) };`,
  );
  expect((await loadSolver(`${path}:eta=0.5,kind=fast`)).options).toEqual({ eta: 0.5, kind: "fast" });
});

describe("files without a solver", () => {
  it.each([
    ["a missing file", () => "./nowhere/mine.mjs", "there is no such file"],
    ["no export", () => file("empty.mjs", ""), "exports no solver, but nothing"],
    ["another export", () => file("other.mjs", "export const pi = 3;"), "exports no solver, but pi"],
    [
      "an incomplete solver",
      () => file("half.mjs", "export const solver = { name: 'mine', kind: 'fixed', async *run() {} };"),
      "lacks order, stochastic, evaluationsPerStep, options, couplesBatch, check",
    ],
    [
      "two solvers",
      () =>
        file("two.mjs", `const a = { ${FACTS} async *run() {} }; export const one = a, two = { ...a, name: 'two' };`),
      "exports 2 solvers",
    ],
    [
      "a known name",
      () => file("em.mjs", `export const solver = { ${FACTS} name: 'em', async *run() {} };`),
      "its name 'em' is that of a known solver",
    ],
    ["a module that throws", () => file("throws.mjs", "throw new Error('not today');"), "cannot be loaded: not today"],
    ["a module with a broken import", () => file("lost.mjs", "import 'no-such-package-here';"), "no-such-package-here"],
    ["options for a finished solver", () => `${running("plain.mjs", "")}:eta=1`, "takes no options"],
  ])("%s", async (_what, path, message) => {
    await expect(loadSolver(path())).rejects.toThrow(message);
    await expect(loadSolver(path())).rejects.toMatchObject({ name: "UsageError" });
  });
});

describe("solvers that do not advance", () => {
  it.each([
    ["yields nothing", "await space.start();", "yielded no step"],
    [
      "yields one time again and again",
      "const x = await space.start(); for (let index = 0; ; index++) yield { index, t: grid.times[1], x };",
      "does not advance: it yielded t =",
    ],
    ["yields the start", "yield { index: 0, t: grid.times[0], x: await space.start() };", "does not advance"],
    [
      "stops half-way",
      "yield { index: 0, t: grid.times[1], x: await space.start() };",
      "but the grid goes on to 0.001",
    ],
    ["goes back in time", "yield { index: 0, t: 2, x: await space.start() };", "times must decrease"],
    ["goes past the end", "yield { index: 0, t: 0, x: await space.start() };", "times must decrease"],
    ["yields no state", "yield { index: 0, t: grid.times[1] };", "lacks t or x"],
    ["yields NaN for a time", "yield { index: 0, t: NaN, x: await space.start() };", "times must decrease"],
    ["fails in a step", "throw new Error('no such luck');", "threw in the step from t = 1: no such luck"],
  ])("%s", async (what, body, message) => {
    await expect(run(running(`${what.replaceAll(" ", "-")}.mjs`, body))).rejects.toThrow(message);
  });

  it("run that is no generator", async () => {
    const path = file("plain-run.mjs", `export const solver = { ${FACTS} run() { return 7; } };`);
    await expect(run(path)).rejects.toThrow("must return an async generator");
  });
});
