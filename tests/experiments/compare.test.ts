import { expect, it } from "vitest";
import { compare } from "../../src/experiments/compare.js";
import { sample } from "../../src/sampling/sample.js";
import { exactScore } from "../../src/scores/exact-score.js";
import { vp } from "../../src/sdes/index.js";
import { toy } from "../../src/targets/index.js";
import { denoisingError } from "../../src/verification/denoising-error.js";

const few = { samples: 16, repeats: 2, exact: false } as const;

it.each([
  ["bimodal", toy("bimodal")],
  ["two-moons", toy("two-moons")],
])("variance=optimal runs on %s, its picture of paths too", async (_name, target) => {
  const solvers = ["ddim:variance=optimal", "ancestral:variance=optimal"];
  const { result, panels } = await compare({ sde: vp(), target, solvers, steps: [3], ...few });
  expect(result.runs.map(({ status }) => status)).toEqual(["success", "success"]);
  expect(panels.paths.map(({ label }) => label)).toEqual(solvers);
});

// b = h β(t) reaches 1 in 100 steps of betaMax = 200.
it("ancestral:compat=song paints its own grid where it refuses the picture's", async () => {
  const config = {
    sde: vp({ betaMax: 200 }),
    target: toy("bimodal"),
    solvers: ["ancestral:compat=song"],
    steps: [250],
  };
  const { result, panels } = await compare({ ...config, ...few });
  expect(result.runs[0]?.status).toBe("success");
  expect(panels.paths[0]?.times).toHaveLength(251);
});

it("paths of variance=optimal take the exact denoising error, as the rows do, not an estimate", async () => {
  const sde = vp();
  const target = toy("bimodal");
  const solver = "ddim:variance=optimal";
  const { panels } = await compare({ sde, target, solvers: [solver], steps: [3], seed: 4, ...few });
  const [panel] = panels.paths;
  const { samples } = await sample({
    ...{ sde, target, solver, seed: 4, model: exactScore(target, sde), denoisingError: denoisingError(target, sde) },
    ...{ times: panel!.times, samples: panel!.states.length },
  });
  expect(panel!.states.map((path) => path.at(-1))).toEqual([...samples.data]);
});
