import { setImmediate } from "node:timers/promises";
import { UsageError } from "../../solvers/errors.js";
import { createEngine, type Engine, type GradientProgram } from "../engine/index.js";
import { type Checkpoint, findCheckpoint, writeCheckpoint } from "./checkpoint.js";
import { lossFunction } from "./loss-function.js";
import { MetricsLog } from "./metrics-log.js";
import { networkModel } from "./network-model.js";
import { initialParameters } from "./networks/initial-parameters.js";
import { gradientNorm, initialState, learningRateAt, type OptimiserState, optimise } from "./optimiser.js";
import { scoreErrorProbe } from "./score-error.js";
import { identityOf, resolveTraining, type TrainOptions, type TrainSetting } from "./train-options.js";
import type { TrainReport, TrainResult, TrainStatus } from "./train-result.js";
import { type BatchMaker, batchMaker, type TrainingBatch } from "./training-batch.js";

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
    const run = new TrainingRunner(setting, options, engine);
    const outcome = await run.work();
    const { sde, network, preconditioning, source } = setting;
    const model = await networkModel(
      {
        sde,
        network,
        preconditioning,
        parameters: Float32Array.from(outcome.state.average),
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
      status: outcome.status,
      message: outcome.message,
      step: outcome.step,
      history: run.history,
      directory: options.directory ?? null,
      refused: run.refused,
    };
  } catch (error) {
    await owned?.dispose();
    throw error;
  }
}

interface Outcome {
  readonly status: TrainStatus;
  readonly message: string;
  readonly step: number;
  readonly state: OptimiserState;
}

/** One run of the training loop. */
class TrainingRunner {
  history: TrainReport[] = [];
  refused: readonly string[] = [];
  readonly #setting: TrainSetting;
  readonly #options: TrainOptions;
  readonly #engine: Engine;
  readonly #batches: BatchMaker;
  readonly #identity: Record<string, unknown>;
  readonly #log: MetricsLog | null;
  #step = 0;
  #state: OptimiserState;
  #running = { sum: 0, count: 0 };
  #kept: { readonly step: number; readonly state: OptimiserState };
  #isSaved = false;

  constructor(setting: TrainSetting, options: TrainOptions, engine: Engine) {
    this.#setting = setting;
    this.#options = options;
    this.#engine = engine;
    this.#batches = batchMaker(setting);
    this.#identity = identityOf(setting);
    this.#log = options.directory === undefined ? null : new MetricsLog(options.directory);
    this.#state = initialState(initialParameters(setting.network, setting.seed));
    this.#kept = { step: 0, state: copyState(this.#state) };
  }

  async work(): Promise<Outcome> {
    await this.#resume();
    const { network, batch, steps, checkpointEvery, optimiser } = this.#setting;
    const program = await this.#engine.compileGradient(lossFunction(network, batch));
    const probe = await this.#probe();
    try {
      while (this.#step < steps) {
        if (this.#options.signal?.aborted) return await this.#stop();
        const made = this.#batches.training(this.#step);
        const { loss, gradient, auxiliary } = await program.run(this.#state.parameters, made.inputs);
        const norm = gradientNorm(gradient);
        if (!Number.isFinite(loss) || !Number.isFinite(norm)) return this.#explode(loss, made, auxiliary[0] ?? []);
        optimise(this.#state, gradient, norm, this.#step, steps, optimiser);
        this.#step++;
        this.#isSaved = false;
        this.#running = { sum: this.#running.sum + loss, count: this.#running.count + 1 };
        await this.#report(loss, norm, program, probe);
        if (this.#step % checkpointEvery === 0 || this.#step === steps) await this.#keep();
        // Lets timers, signals and other work of this thread have their turn.
        await setImmediate();
      }
    } finally {
      await program.dispose();
    }
    return { status: "success", message: "", step: this.#step, state: this.#state };
  }

  async #resume(): Promise<void> {
    const { directory, resume = false } = this.#options;
    if (directory === undefined) {
      if (resume) throw new UsageError("resume: needs the directory of the run - give directory");
      return;
    }
    if (!resume) {
      const found = await findCheckpoint(directory).catch(() => undefined);
      if (found === null) {
        await this.#log?.rewind(0);
        return;
      }
      throw new UsageError(`${directory}: holds a training run already - resume it, or choose another directory`);
    }
    const found = await findCheckpoint(directory, (checkpoint) => this.#difference(checkpoint));
    if (found === null) {
      await this.#log?.rewind(0);
      return;
    }
    this.refused = found.refused;
    this.#step = found.checkpoint.step;
    this.#state = found.checkpoint.state;
    this.#running = { ...found.checkpoint.running };
    this.#kept = { step: this.#step, state: copyState(this.#state) };
    this.#isSaved = true;
    this.history = (await this.#log?.rewind(this.#step)) ?? [];
  }

  /** Why a checkpoint cannot continue this run, or null. */
  #difference({ identity, state, step }: Checkpoint): string | null {
    for (const [name, value] of Object.entries(this.#identity)) {
      const [here, there] = [JSON.stringify(value), JSON.stringify(identity[name])];
      if (here !== there) return `is of another run: its ${name} is ${there}, but this run has ${here}`;
    }
    if (state.parameters.length !== this.#state.parameters.length) {
      return `holds ${state.parameters.length} parameters, but the network has ${this.#state.parameters.length}`;
    }
    if (step > this.#setting.steps) return `is of step ${step}, but this run ends at ${this.#setting.steps}`;
    return null;
  }

  async #probe() {
    const { target, sde, network, preconditioning, seed } = this.#setting;
    return target === null
      ? null
      : await scoreErrorProbe({ target, sde, network, preconditioning, engine: this.#engine, seed });
  }

  async #report(
    loss: number,
    norm: number,
    program: GradientProgram,
    probe: Awaited<ReturnType<typeof scoreErrorProbe>> | null,
  ): Promise<void> {
    const { steps, reportEvery, validateEvery, optimiser } = this.#setting;
    const step = this.#step;
    const validates = step % validateEvery === 0 || step === steps;
    if (!validates && step % reportEvery !== 0) {
      this.#options.onProgress?.({ step, steps, loss });
      return;
    }
    const averaged = validates ? Float32Array.from(this.#state.average) : null;
    const report: TrainReport = {
      step,
      loss: this.#running.sum / this.#running.count,
      learningRate: learningRateAt(optimiser, step - 1, steps),
      gradientNorm: norm,
      validationLoss: averaged === null ? null : await this.#validate(program, averaged),
      scoreError: averaged === null || probe === null ? null : await probe(averaged),
    };
    this.#running = { sum: 0, count: 0 };
    this.history.push(report);
    await this.#log?.append(report);
    this.#options.onProgress?.({ step, steps, loss, report });
  }

  /** Mean loss over held-out rows, at most VALIDATION_ROWS. */
  async #validate(program: GradientProgram, parameters: Float32Array): Promise<number | null> {
    const { source, batch } = this.#setting;
    if (source.validationCount === 0) return null;
    const batches = Math.max(1, Math.floor(Math.min(source.validationCount, VALIDATION_ROWS) / batch));
    let sum = 0;
    for (let index = 0; index < batches; index++) {
      sum += (await program.run(parameters, this.#batches.validation(index).inputs)).loss;
    }
    return sum / batches;
  }

  async #keep(): Promise<void> {
    this.#kept = { step: this.#step, state: copyState(this.#state) };
    const { directory } = this.#options;
    if (directory === undefined || this.#isSaved) return;
    await writeCheckpoint(directory, {
      step: this.#step,
      identity: this.#identity,
      standardisation: this.#setting.source.standardisation,
      engine: this.#engine.description,
      running: this.#running,
      state: this.#state,
    });
    this.#isSaved = true;
  }

  async #stop(): Promise<Outcome> {
    await this.#keep();
    const where = this.#options.directory === undefined ? "" : "; resume goes on from there";
    return {
      status: "aborted",
      message: `stopped on request after ${this.#step} of ${this.#setting.steps} steps${where}`,
      step: this.#step,
      state: this.#state,
    };
  }

  #explode(loss: number, { times }: TrainingBatch, rows: ArrayLike<number>): Outcome {
    const row = Array.from(rows).findIndex((value) => !Number.isFinite(value));
    const what = Number.isFinite(loss) ? "the gradient is not finite" : `the loss is ${loss}`;
    const where = row < 0 ? "" : `, first in row ${row} at t = ${times[row]}`;
    const { step, state } = this.#kept;
    return {
      status: "non-finite",
      message: `step ${this.#step}: ${what} in batch ${this.#step}${where} - the parameters of step ${step} are kept; lower the learning rate or the clip`,
      step,
      state,
    };
  }
}

const VALIDATION_ROWS = 4096;

function copyState({ parameters, firstMoment, secondMoment, average }: OptimiserState): OptimiserState {
  return {
    parameters: parameters.slice(),
    firstMoment: firstMoment.slice(),
    secondMoment: secondMoment.slice(),
    average: average.slice(),
  };
}
