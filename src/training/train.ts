import { setImmediate } from "node:timers/promises";
import { numberText } from "../../solvers/number-text.js";
import { createEngine, type Engine } from "../engine/index.js";
import { lossFunction } from "./loss-function.js";
import { networkModel } from "./network-model.js";
import { initialParameters } from "./networks/initial-parameters.js";
import { gradientNorm, initialState, type OptimiserState, optimise } from "./optimiser.js";
import { RunCheckpoints } from "./run-checkpoints.js";
import type { TrainOptions } from "./train-options.js";
import type { TrainResult, TrainStatus } from "./train-result.js";
import { resolveTraining, type TrainSetting } from "./train-setting.js";
import { batchMaker, type TrainingBatch } from "./training-batch.js";
import { TrainingReporter } from "./training-reporter.js";

/**
 * Trains a score network by weighted denoising score matching.
 *
 * Batch, times and noise of a step are functions of (seed, step): the same seed on the same engine gives the same bits,
 * also when the run is stopped and resumed. An abort keeps the state in a checkpoint; a loss that is not finite ends
 * training with the last kept parameters. Neither throws.
 *
 * @throws UsageError for options that cannot be meant, before any work, and for a directory that cannot be used
 * @throws EngineError when the engine asked for is absent or cannot compile the network
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const setting = resolveTraining(options);
  const { engine: wanted = "auto", threads = 1 } = options;
  const owned = typeof wanted === "string" ? await createEngine({ engine: wanted, threads }) : null;
  const engine = typeof wanted === "string" ? owned! : wanted;
  try {
    const { sde, network, preconditioning, source } = setting;
    const outcome = await runTraining(setting, options, engine);
    const { state, ...facts } = outcome;
    const model = await networkModel(
      {
        sde,
        network,
        preconditioning,
        parameters: Float32Array.from(state.average),
        standardisation: source.standardisation,
      },
      { engine },
    );
    return {
      model: {
        ...model,
        async dispose() {
          await model.dispose();
          await owned?.dispose();
        },
      },
      ...facts,
      directory: options.directory ?? null,
    };
  } catch (error) {
    await owned?.dispose();
    throw error;
  }
}

interface End {
  readonly status: TrainStatus;
  readonly message: string;
  readonly step: number;
  readonly state: OptimiserState;
}

type Outcome = End & Pick<TrainResult, "history" | "refused" | "otherEngine">;

async function runTraining(setting: TrainSetting, options: TrainOptions, engine: Engine): Promise<Outcome> {
  const { network, batch, steps, checkpointEvery, optimiser, seed } = setting;
  const { directory, resume = false, signal } = options;
  const checkpoints = new RunCheckpoints(setting, { directory, resume, engine: engine.description });
  const run = await checkpoints.begin(initialState(initialParameters(network, seed)));
  const batches = batchMaker(setting);
  const reporter = new TrainingReporter(setting, options, engine, batches);
  const end = (one: End): Outcome => {
    const { refused, otherEngine } = checkpoints;
    return { ...one, history: reporter.history, refused, otherEngine };
  };
  const program = await engine.compileGradient(lossFunction(network, batch));
  try {
    await reporter.begin(run.step);
    while (run.step < steps) {
      if (signal?.aborted === true) {
        await checkpoints.keep(run);
        const where = directory === undefined ? "" : "; resume goes on from there";
        const message = `stopped on request after ${run.step} of ${steps} steps${where}`;
        return end({ status: "aborted", message, step: run.step, state: run.state });
      }
      const made = batches.training(run.step);
      const { loss, gradient, auxiliary } = await program.run(run.state.parameters, made.inputs);
      const norm = gradientNorm(gradient);
      if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
        const rows = Array.from(auxiliary[0] ?? []);
        // Where no row is finite, it is the parameters, not the batch.
        if (!rows.some(Number.isFinite)) await checkpoints.discard(run.step);
        const { step, state } = checkpoints.kept;
        const what = whatExploded(run.step, loss, made, rows);
        const message = `step ${run.step}: ${what} - the parameters of step ${step} are kept; lower the learning rate or the clip`;
        return end({ status: "non-finite", message, step, state });
      }
      optimise(run.state, gradient, norm, run.step, steps, optimiser);
      run.step++;
      run.running = { sum: run.running.sum + loss, count: run.running.count + 1 };
      await reporter.report(run, { loss, gradientNorm: norm, program });
      if (run.step % checkpointEvery === 0 || run.step === steps) await checkpoints.keep(run);
      // Lets timers, signals and other work of this thread have their turn.
      await setImmediate();
    }
    return end({ status: "success", message: "", step: run.step, state: run.state });
  } finally {
    await reporter.dispose();
    await program.dispose();
  }
}

/** The quantity that is not finite, and the first row and time it comes from. */
function whatExploded(step: number, loss: number, { times }: TrainingBatch, rows: readonly number[]): string {
  const row = rows.findIndex((value) => !Number.isFinite(value));
  const what = Number.isFinite(loss) ? "the gradient is not finite" : `the loss is ${loss}`;
  return `${what} in batch ${step}${row < 0 ? "" : `, first in row ${row} at t = ${numberText(times[row]!, 4)}`}`;
}
