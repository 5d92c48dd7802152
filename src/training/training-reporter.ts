import type { Engine, GradientProgram } from "../engine/index.js";
import { MetricsLog } from "./metrics-log.js";
import { learningRateAt } from "./optimiser.js";
import type { RunState } from "./run-checkpoints.js";
import { type SamplingReport, samplingProbe } from "./sampling-error.js";
import { type Probe, type ScoreErrorBucket, scoreErrorProbe } from "./score-error.js";
import type { TrainOptions } from "./train-options.js";
import type { TrainReport } from "./train-result.js";
import type { TrainSetting } from "./train-setting.js";
import type { BatchMaker } from "./training-batch.js";

/** Held-out rows and their numbers at most. */
const VALIDATION = { rows: 4096, numbers: 2 ** 17 };

/** What a step was, and what validates it. */
export interface FinishedStep {
  readonly loss: number;
  readonly gradientNorm: number;
  readonly program: GradientProgram;
}

/** Measures a training run at its intervals, and tells callback, log and history. */
export class TrainingReporter {
  history: TrainReport[] = [];
  readonly #setting: TrainSetting;
  readonly #options: TrainOptions;
  readonly #engine: Engine;
  readonly #batches: BatchMaker;
  readonly #log: MetricsLog | null;
  #score: Probe<ScoreErrorBucket[]> | null = null;
  #samples: Probe<SamplingReport | null> | null = null;

  constructor(setting: TrainSetting, options: TrainOptions, engine: Engine, batches: BatchMaker) {
    this.#setting = setting;
    this.#options = options;
    this.#engine = engine;
    this.#batches = batches;
    this.#log = options.directory === undefined ? null : new MetricsLog(options.directory);
  }

  /** Prepares the measurements, and takes up the log where the run begins. */
  async begin(step: number): Promise<void> {
    this.history = (await this.#log?.rewind(step)) ?? [];
    const { target, sampleEvery } = this.#setting;
    const setting = { ...this.#setting, engine: this.#engine };
    if (target !== null) this.#score = await scoreErrorProbe({ ...setting, target });
    if (sampleEvery > 0) this.#samples = await samplingProbe(setting);
  }

  /** Reports a finished step, where one is due, and starts the next mean of losses. */
  async report(run: RunState, { loss, gradientNorm, program }: FinishedStep): Promise<void> {
    const { steps, reportEvery, validateEvery, sampleEvery, optimiser } = this.#setting;
    const { step } = run;
    const isDue = (every: number) => every > 0 && (step % every === 0 || step === steps);
    const [validates, samples] = [isDue(validateEvery), isDue(sampleEvery)];
    if (!validates && !samples && step % reportEvery !== 0) {
      this.#options.onProgress?.({ step, steps, loss });
      return;
    }
    const averaged = Float32Array.from(validates || samples ? run.state.average : []);
    const drawn = samples ? ((await this.#samples?.measure(averaged, this.#options.signal)) ?? null) : null;
    const report: TrainReport = {
      step,
      loss: run.running.sum / run.running.count,
      learningRate: learningRateAt(optimiser, step - 1, steps),
      gradientNorm,
      validationLoss: validates ? await this.#validate(program, averaged) : null,
      scoreError: validates ? ((await this.#score?.measure(averaged)) ?? null) : null,
      samplingError: drawn?.error ?? null,
      memorisation: drawn?.memorisation ?? null,
    };
    run.running = { sum: 0, count: 0 };
    this.history.push(report);
    await this.#log?.append(report);
    this.#options.onProgress?.({
      step,
      steps,
      loss,
      report,
      ...(drawn === null ? {} : { samples: drawn.points }),
    });
  }

  async dispose(): Promise<void> {
    await this.#score?.dispose();
    await this.#samples?.dispose();
  }

  /** Mean loss over held-out rows, as many as VALIDATION allows. */
  async #validate(program: GradientProgram, parameters: Float32Array): Promise<number | null> {
    const { source, batch } = this.#setting;
    if (source.validationCount === 0) return null;
    const rows = Math.min(source.validationCount, VALIDATION.rows, VALIDATION.numbers / source.dimension);
    const batches = Math.max(1, Math.floor(rows / batch));
    let sum = 0;
    for (let index = 0; index < batches; index++) {
      sum += (await program.run(parameters, this.#batches.validation(index).inputs)).loss;
    }
    return sum / batches;
  }
}
