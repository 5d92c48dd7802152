import ndarray from "ndarray";
import type { FlowResult, Status } from "../../solvers/types.js";
import type { SampleResult, Trouble } from "./types.js";

/** Statuses from worst to best: a run is as bad as its worst sample. */
const WORST_FIRST: readonly Status[] = [
  "aborted",
  "non-finite",
  "step-underflow",
  "max-steps",
  "max-evaluations",
  "success",
];
const MOST_TROUBLES = 100;

export interface CollectorOptions {
  readonly count: number;
  readonly dimension: number;
  /** Null for adaptive solvers. */
  readonly times: Float64Array | null;
  readonly keepPath: boolean;
  readonly denoise: boolean;
}

/** What some rows of a run gave, in plain arrays: it can go from thread to thread. */
export interface SamplePart {
  readonly samples: Float64Array;
  readonly evaluations: Float64Array;
  readonly status: readonly Status[];
  readonly accepted: Float64Array | null;
  readonly rejected: Float64Array | null;
  readonly troubles: readonly Trouble[];
  readonly states: readonly Float64Array[] | null;
  readonly paths: readonly { readonly times: Float64Array; readonly states: Float64Array }[] | null;
}

/** A result as a part of a larger run. */
export function samplePart({ samples, perSample, troubles, path, paths }: SampleResult): SamplePart {
  const states = path === null ? null : path.states.map(({ data }) => data);
  return { samples: samples.data, ...perSample, troubles, states, paths };
}

/** Gathers what the chunks of a run produce. */
export class Collector {
  aborted = false;
  readonly #options: CollectorOptions;
  readonly #samples: Float64Array;
  readonly #evaluations: Float64Array;
  readonly #status: Status[];
  readonly #states: Float64Array[] | null;
  readonly #troubles: Trouble[] = [];
  #paths: { readonly times: Float64Array; readonly states: Float64Array }[] | null = null;
  #steps: { readonly accepted: Float64Array; readonly rejected: Float64Array } | null = null;
  #isClean = true;

  constructor(options: CollectorOptions) {
    const { count, dimension, times, keepPath, denoise } = options;
    this.#options = options;
    this.#samples = new Float64Array(count * dimension).fill(Number.NaN);
    this.#evaluations = new Float64Array(count);
    this.#status = new Array<Status>(count).fill("aborted");
    const length = times === null ? 0 : times.length + (denoise ? 1 : 0);
    this.#states =
      keepPath && times !== null
        ? Array.from({ length }, () => new Float64Array(count * dimension).fill(Number.NaN))
        : null;
  }

  /** Notes the states of a chunk after so many steps on a grid. */
  record(first: number, x: Float64Array, step: number): void {
    if (step === 0) this.#isClean = true;
    this.#states?.[step]?.set(x, first * this.#options.dimension);
    if (!this.#isClean || isFiniteEverywhere(x)) return;
    this.#isClean = false;
    for (const row of brokenRows(x, this.#options.dimension)) this.#noteBroken(first + row, step);
  }

  /** Ends a chunk on a grid. */
  finishFixed(first: number, x: Float64Array, evaluations: number, aborted: boolean): void {
    const { dimension, times } = this.#options;
    const end = first + x.length / dimension;
    this.aborted ||= aborted;
    this.#samples.set(x, first * dimension);
    this.#evaluations.fill(evaluations, first, end);
    this.#status.fill(aborted ? "aborted" : "success", first, end);
    if (!aborted) this.#states?.at(-1)?.set(x, first * dimension);
    for (const row of brokenRows(x, dimension)) {
      this.#status[first + row] = "non-finite";
      this.#noteBroken(first + row, (times?.length ?? 1) - 1);
    }
  }

  /** Ends a chunk of an adaptive solver. */
  finishAdaptive(first: number, flow: FlowResult): void {
    const { count, dimension } = this.#options;
    this.#steps ??= { accepted: new Float64Array(count), rejected: new Float64Array(count) };
    this.#samples.set(flow.end, first * dimension);
    if (flow.paths !== null) this.#paths = [...(this.#paths ?? []), ...flow.paths];
    for (const [row, status] of flow.statuses.entries()) {
      const sample = first + row;
      this.#status[sample] = status;
      this.#evaluations[sample] = flow.evaluations[row]!;
      this.#steps.accepted[sample] = flow.accepted[row]!;
      this.#steps.rejected[sample] = flow.rejected[row]!;
      if (status === "aborted") this.aborted = true;
      if (status !== "success") this.#note({ sample, step: null, t: null, message: flow.messages[row] ?? "" });
    }
  }

  /** Takes over rows that were drawn elsewhere; parts come in the order of their rows. */
  absorb(first: number, part: SamplePart): void {
    const { count, dimension } = this.#options;
    this.#samples.set(part.samples, first * dimension);
    this.#evaluations.set(part.evaluations, first);
    for (const [row, status] of part.status.entries()) this.#status[first + row] = status;
    this.aborted ||= part.status.includes("aborted");
    for (const [step, state] of part.states?.entries() ?? []) this.#states?.[step]?.set(state, first * dimension);
    if (part.paths !== null) this.#paths = [...(this.#paths ?? []), ...part.paths];
    if (part.accepted !== null && part.rejected !== null) {
      this.#steps ??= { accepted: new Float64Array(count), rejected: new Float64Array(count) };
      this.#steps.accepted.set(part.accepted, first);
      this.#steps.rejected.set(part.rejected, first);
    }
    for (const trouble of part.troubles) this.#note({ ...trouble, sample: first + trouble.sample });
  }

  result(): SampleResult {
    const { count, dimension, times } = this.#options;
    const shape = [count, dimension];
    const status = WORST_FIRST.find((one) => this.#status.includes(one)) ?? "success";
    return {
      samples: ndarray(this.#samples, shape),
      evaluations: this.#evaluations.reduce((sum, value) => sum + value, 0) / count,
      status,
      message: describe(status, this.#status, this.#troubles[0]),
      perSample: {
        evaluations: this.#evaluations,
        status: this.#status,
        accepted: this.#steps?.accepted ?? null,
        rejected: this.#steps?.rejected ?? null,
      },
      troubles: this.#troubles,
      path:
        this.#states === null || times === null
          ? null
          : {
              times: Float64Array.from({ length: this.#states.length }, (_, i) => times[i] ?? 0),
              states: this.#states.map((state) => ndarray(state, shape)),
            },
      paths: this.#paths,
      times,
    };
  }

  #noteBroken(sample: number, step: number): void {
    const t = this.#options.times?.[step] ?? null;
    this.#note({ sample, step, t, message: `not finite after step ${step} at t = ${t}` });
  }

  #note(trouble: Trouble): void {
    if (this.#troubles.length >= MOST_TROUBLES) return;
    if (this.#troubles.every(({ sample }) => sample !== trouble.sample)) this.#troubles.push(trouble);
  }
}

function describe(status: Status, all: readonly Status[], trouble: Trouble | undefined): string {
  if (status === "success") return "";
  const count = all.filter((one) => one === status).length;
  const where = trouble === undefined ? "" : `; sample ${trouble.sample}: ${trouble.message}`;
  if (status === "aborted") return `stopped on request; ${all.length - count} of ${all.length} samples are finished`;
  return `${count} of ${all.length} samples ended as ${status}${where}`;
}

function isFiniteEverywhere(x: Float64Array): boolean {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * 0;
  return sum === 0;
}

function* brokenRows(x: Float64Array, dimension: number): Generator<number> {
  for (let row = 0; row * dimension < x.length; row++) {
    for (let i = row * dimension; i < (row + 1) * dimension; i++) {
      if (Number.isFinite(x[i]!)) continue;
      yield row;
      break;
    }
  }
}
