import { UsageError } from "../../solvers/errors.js";
import { type Checkpoint, findCheckpoint, removeCheckpoint, removeParts, writeCheckpoint } from "./checkpoint.js";
import type { OptimiserState } from "./optimiser.js";
import { identityOf } from "./run-identity.js";
import type { TrainSetting } from "./train-setting.js";

/** Where a training run is. */
export interface RunState {
  /** Steps finished. */
  step: number;
  state: OptimiserState;
  /** Sum and number of losses since the last report. */
  running: { sum: number; count: number };
}

export interface RunCheckpointsOptions {
  readonly directory: string | undefined;
  readonly resume: boolean;
  /** The engine in words. */
  readonly engine: string;
}

/** Keeps the state of a training run, in memory and in the checkpoints of its directory, and finds it again. */
export class RunCheckpoints {
  /** Checkpoints that were passed over, and why. */
  refused: readonly string[] = [];
  /** What computed the checkpoint that the run goes on from, where it is not what computes now. */
  otherEngine: string | null = null;
  readonly #setting: TrainSetting;
  readonly #options: RunCheckpointsOptions;
  readonly #identity: Record<string, unknown>;
  #kept: { readonly step: number; readonly state: OptimiserState } | null = null;
  #before: { readonly step: number; readonly state: OptimiserState } | null = null;
  #written = -1;

  constructor(setting: TrainSetting, options: RunCheckpointsOptions) {
    this.#setting = setting;
    this.#options = options;
    this.#identity = identityOf(setting);
  }

  /**
   * The state to begin with: that of the newest sound checkpoint when resuming, else `fresh`.
   *
   * @throws UsageError for a directory that holds another run, or one that is not to be resumed
   */
  async begin(fresh: OptimiserState): Promise<RunState> {
    const { directory, resume } = this.#options;
    const run: RunState = { step: 0, state: fresh, running: { sum: 0, count: 0 } };
    if (directory === undefined && resume) {
      throw new UsageError("resume: needs the directory of the run - give directory");
    }
    if (directory !== undefined) {
      const found = resume
        ? await findCheckpoint(directory, (checkpoint) => this.#difference(checkpoint, fresh))
        : await findCheckpoint(directory).catch(() => undefined);
      if (!resume && found !== null) {
        throw new UsageError(`${directory}: holds a training run already - resume it, or choose another directory`);
      }
      if (found !== null && found !== undefined) {
        const { checkpoint, refused } = found;
        this.refused = refused;
        if (checkpoint.engine !== this.#options.engine) this.otherEngine = checkpoint.engine;
        run.step = checkpoint.step;
        run.state = checkpoint.state;
        run.running = { ...checkpoint.running };
        this.#written = run.step;
      }
      await removeParts(directory);
    }
    this.#kept = { step: run.step, state: copyState(run.state) };
    return run;
  }

  /** The parameters that a run falls back on. */
  get kept(): { readonly step: number; readonly state: OptimiserState } {
    if (this.#kept === null) throw new Error("a run keeps nothing before it begins");
    return this.#kept;
  }

  /** Keeps the state. @throws UsageError when the checkpoint cannot be written; the one before stays */
  async keep({ step, state, running }: RunState): Promise<void> {
    this.#before = this.#kept;
    this.#kept = { step, state: copyState(state) };
    const { directory, engine } = this.#options;
    if (directory === undefined || this.#written === step) return;
    const { standardisation } = this.#setting.source;
    try {
      await writeCheckpoint(directory, { step, identity: this.#identity, standardisation, engine, running, state });
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const before =
        this.#written < 0
          ? "there is no checkpoint yet"
          : `the checkpoint of step ${this.#written} is sound, and resume goes on from it`;
      throw new UsageError(`${error.message} Training stopped at step ${step}; ${before}.`, { cause: error });
    }
    this.#written = step;
  }

  /** Falls back on what was kept before, where the parameters kept last are those of `step` and have no finite loss. */
  async discard(step: number): Promise<void> {
    if (this.#before === null || this.kept.step !== step) return;
    this.#kept = this.#before;
    this.#before = null;
    const { directory } = this.#options;
    if (directory !== undefined && this.#written === step) await removeCheckpoint(directory, step);
  }

  /** Why a checkpoint cannot continue this run, or null. */
  #difference({ identity, state, step }: Checkpoint, fresh: OptimiserState): string | null {
    for (const [name, value] of Object.entries(this.#identity)) {
      const [here, there] = [JSON.stringify(value), JSON.stringify(identity[name])];
      if (here !== there) return `is of another run: its ${name} is ${there}, but this run has ${here}`;
    }
    if (state.parameters.length !== fresh.parameters.length) {
      return `holds ${state.parameters.length} parameters, but the network has ${fresh.parameters.length}`;
    }
    if (step > this.#setting.steps) return `is of step ${step}, but this run ends at ${this.#setting.steps}`;
    return null;
  }
}

function copyState({ parameters, firstMoment, secondMoment, average }: OptimiserState): OptimiserState {
  return {
    parameters: parameters.slice(),
    firstMoment: firstMoment.slice(),
    secondMoment: secondMoment.slice(),
    average: average.slice(),
  };
}
