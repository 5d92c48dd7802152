import ndarray from "ndarray";
import type { Grid, Status } from "../../solvers/types.js";
import type { SampleResult, Trouble } from "./types.js";

/** Gathers what chunks produce. */
export class Collector {
  aborted = false;
  readonly #dimension: number;
  readonly #samples: Float64Array;
  readonly #evaluations: Float64Array;
  readonly #status: Status[];
  readonly #grid: Grid;
  readonly #path: Float64Array[] | null;
  readonly #troubles: Trouble[] = [];
  #isClean = true;

  constructor(count: number, dimension: number, grid: Grid, keepPath: boolean, denoise: boolean) {
    this.#dimension = dimension;
    this.#grid = grid;
    this.#samples = new Float64Array(count * dimension).fill(Number.NaN);
    this.#evaluations = new Float64Array(count);
    this.#status = new Array<Status>(count).fill("aborted");
    const length = grid.times.length + (denoise ? 1 : 0);
    this.#path = keepPath ? Array.from({ length }, () => new Float64Array(count * dimension).fill(Number.NaN)) : null;
  }

  record(first: number, x: Float64Array, step: number): void {
    if (step === 0) this.#isClean = true;
    this.#path?.[step]?.set(x, first * this.#dimension);
    if (this.#isClean && !isFiniteSum(x)) {
      this.#isClean = false;
      for (const row of brokenRows(x, this.#dimension)) this.#note(first + row, step);
    }
  }

  finish(first: number, x: Float64Array, evaluations: number, aborted: boolean): void {
    const dimension = this.#dimension;
    const count = x.length / dimension;
    this.aborted ||= aborted;
    this.#samples.set(x, first * dimension);
    this.#evaluations.fill(evaluations, first, first + count);
    this.#status.fill(aborted ? "aborted" : "success", first, first + count);
    if (this.#path !== null && !aborted) this.#path[this.#path.length - 1]!.set(x, first * dimension);
    for (const row of brokenRows(x, dimension)) {
      this.#status[first + row] = "non-finite";
      this.#note(first + row, this.#grid.times.length - 1);
    }
  }

  #note(sample: number, step: number): void {
    if (this.#troubles.length >= 100 || this.#troubles.some((trouble) => trouble.sample === sample)) return;
    this.#troubles.push({ sample, step, t: this.#grid.times[step]! });
  }

  result(): SampleResult {
    const shape = [this.#status.length, this.#dimension];
    const status = this.#status.includes("aborted")
      ? "aborted"
      : this.#status.includes("non-finite")
        ? "non-finite"
        : "success";
    const times = this.#grid.times;
    return {
      samples: ndarray(this.#samples, shape),
      evaluations: this.#evaluations.reduce((sum, value) => sum + value, 0) / this.#evaluations.length,
      status,
      message: describe(status, this.#status, this.#troubles[0]),
      perSample: { evaluations: this.#evaluations, status: this.#status, accepted: null, rejected: null },
      troubles: this.#troubles,
      path:
        this.#path === null
          ? null
          : {
              times: Float64Array.from({ length: this.#path.length }, (_, i) => times[i] ?? 0),
              states: this.#path.map((state) => ndarray(state, shape)),
            },
      times,
    };
  }
}

function describe(status: Status, all: readonly Status[], trouble: Trouble | undefined): string {
  const count = all.filter((one) => one === status).length;
  if (status === "aborted") return `stopped on request; ${all.length - count} of ${all.length} samples are finished`;
  if (trouble === undefined) return "";
  return `${count} of ${all.length} samples became non-finite, first sample ${trouble.sample} after step ${trouble.step} at t = ${trouble.t}`;
}

function isFiniteSum(x: Float64Array): boolean {
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
