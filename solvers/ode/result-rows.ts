import type { Status } from "../types.js";
import type { ActiveRows } from "./active-rows.js";
import type { AcceptedStep, Failure, IntegrationResult } from "./adaptive-options.js";
import { PathRecorder } from "./path-recorder.js";
import type { Integration } from "./resolve-integration.js";

/** Collects what becomes of every row: counters, status, end, path. */
export class ResultRows {
  readonly #dimension: number;
  readonly #width: number;
  readonly #rowsPerGroup: number;
  readonly #recorders: readonly PathRecorder[] | null;
  readonly #end: Float64Array;
  readonly #endTimes: Float64Array;
  readonly #statuses: Status[];
  readonly #failures: (Failure | null)[];
  readonly #evaluations: Int32Array;
  readonly #accepted: Int32Array;
  readonly #rejected: Int32Array;
  readonly #report: { row: number; t: number; h: number; error: number; readonly y: Float64Array };

  constructor({ options, tableau, groups, rowsPerGroup, width }: Integration) {
    const { count, dimension, keepPath = false } = options;
    this.#dimension = dimension;
    this.#width = width;
    this.#rowsPerGroup = rowsPerGroup;
    this.#recorders =
      keepPath === false
        ? null
        : Array.from({ length: groups }, () => new PathRecorder(width, tableau, keepPath === "dense"));
    this.#end = new Float64Array(count * dimension);
    this.#endTimes = new Float64Array(count);
    this.#statuses = new Array<Status>(count).fill("success");
    this.#failures = new Array<Failure | null>(count).fill(null);
    this.#evaluations = new Int32Array(count);
    this.#accepted = new Int32Array(count);
    this.#rejected = new Int32Array(count);
    this.#report = { row: 0, t: 0, h: 0, error: 0, y: new Float64Array(dimension) };
  }

  /** Notes the start of every path. */
  start({ count, t, y }: ActiveRows): void {
    if (this.#recorders === null) return;
    for (let g = 0; g < count; g++) this.#recorders[g]!.point(t[g]!, y, g * this.#width);
  }

  /** Notes the accepted step of group g, before the state moves on. */
  step({ group, tNext, yNext, k }: ActiveRows, g: number): void {
    if (this.#recorders === null) return;
    const recorder = this.#recorders[group[g]!]!;
    recorder.polynomial(k, g * this.#width);
    recorder.point(tNext[g]!, yNext, g * this.#width);
  }

  /** Tells an observer of the accepted step of group g, after the state has moved on. */
  report(active: ActiveRows, g: number, onStep: (step: AcceptedStep) => void): void {
    const report = this.#report;
    report.t = active.t[g]!;
    report.h = active.h[g]!;
    report.error = active.error[g]!;
    for (let i = 0; i < this.#rowsPerGroup; i++) {
      report.row = active.group[g]! * this.#rowsPerGroup + i;
      const at = g * this.#width + i * this.#dimension;
      for (let d = 0; d < this.#dimension; d++) report.y[d] = active.y[at + d]!;
      onStep(report);
    }
  }

  /** Writes down the rows of group g, which leaves. */
  leave(active: ActiveRows, g: number, evaluations: number, status: Status, failure: Failure | null): void {
    const first = active.group[g]! * this.#rowsPerGroup;
    const width = this.#width;
    for (let i = 0; i < width; i++) this.#end[first * this.#dimension + i] = active.y[g * width + i]!;
    for (let row = first; row < first + this.#rowsPerGroup; row++) {
      this.#endTimes[row] = active.t[g]!;
      this.#statuses[row] = status;
      this.#failures[row] = failure;
      this.#evaluations[row] = evaluations;
      this.#accepted[row] = active.accepted[g]!;
      this.#rejected[row] = active.rejected[g]!;
    }
  }

  /** The result, once every group has left. */
  take(): IntegrationResult {
    const dimension = this.#dimension;
    const path = (row: number) =>
      this.#recorders![Math.floor(row / this.#rowsPerGroup)]!.record((row % this.#rowsPerGroup) * dimension, dimension);
    return {
      end: this.#end,
      endTimes: this.#endTimes,
      statuses: this.#statuses,
      failures: this.#failures,
      evaluations: this.#evaluations,
      accepted: this.#accepted,
      rejected: this.#rejected,
      paths: this.#recorders === null ? null : this.#statuses.map((_, row) => path(row)),
    };
  }
}
