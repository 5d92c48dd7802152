import { afterAll, expect, it, vi } from "vitest";
import { createEngine } from "../../src/engine/index.js";
import { compare } from "../../src/experiments/compare.js";
import { vp } from "../../src/sdes/index.js";
import { toy } from "../../src/targets/index.js";
import { startThread } from "../../src/training/workers/start-thread.js";
import { randomModel } from "../training/random-model.js";

vi.mock("../../src/training/workers/start-thread.js", async (original) => {
  const module = await original<{ startThread: typeof startThread }>();
  return { startThread: vi.fn(module.startThread) };
});

const engine = await createEngine();
const sde = vp();
const model = await randomModel(engine, sde, { chunk: 64 });
afterAll(async () => {
  await model.dispose();
  await engine.dispose();
});

it("a comparison of a model is the same for any number of workers", async () => {
  const config = {
    sde,
    target: toy("two-moons"),
    model,
    // What a thread must be told: options of the solver, the grid, the tolerance. pc couples no rows, but its corrector asks twice.
    solvers: ["ddim:eta=0.5", "pc:snr=0.1", "rk45"],
    steps: [4],
    tolerances: [0.05],
    grid: "log-snr",
    samples: 300,
    repeats: 1,
    denoise: true,
  };
  const runs = async (workers: number) => {
    const { result } = await compare(config, { workers });
    return result.runs.map(({ seconds: _seconds, samplesPerSecond: _rate, ...run }) => run);
  };
  const alone = await runs(1);
  expect(startThread).not.toHaveBeenCalled();
  expect(await runs(2)).toEqual(alone);
  expect(startThread).toHaveBeenCalledOnce();
});
