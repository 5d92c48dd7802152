import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { createEngine } from "../../src/engine/index.js";
import { vp } from "../../src/sdes/index.js";
import { toy } from "../../src/targets/index.js";
import type { TrainOptions } from "../../src/training/index.js";

/** A training of a second, its engine, and new folders for its runs; all of it goes when the tests of the file end. */
export async function smallTraining() {
  const engine = await createEngine();
  const scratch = mkdtempSync(join(tmpdir(), "score-sde-train-"));
  afterAll(async () => {
    await engine.dispose();
    rmSync(scratch, { recursive: true, force: true });
  });
  let folders = 0;
  const options: TrainOptions = {
    sde: vp(),
    data: toy("bimodal"),
    network: "mlp:width=8,depth=2,frequencies=2",
    batch: 32,
    steps: 24,
    seed: 11,
    checkpointEvery: 6,
    reportEvery: 4,
    validateEvery: 8,
    sampleEvery: 0,
    warmUp: 5,
    engine,
  };
  return { engine, options, folder: () => join(scratch, `run-${folders++}`) };
}
