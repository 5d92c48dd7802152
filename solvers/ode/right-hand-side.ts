import { UsageError } from "../errors.js";
import { numberText } from "../number-text.js";
import type { Awaitable, Filling } from "../types.js";

/**
 * f(t, y) for many rows at once: row r has its own time times[r] and its state at y[r·dimension …]; the answer goes to `out` likewise.
 *
 * `rows` tells which rows of the start they are (ascending). `times`, `y`, `out` have exactly `count` rows and are valid during the call.
 * It may return an array of count × dimension numbers instead of writing `out`, or a promise of either; a number returned is ignored.
 */
export type BatchRightHandSide = (
  times: Float64Array,
  y: Float64Array,
  count: number,
  out: Float64Array,
  rows: Int32Array,
) => Awaitable<Filling<number | ArrayLike<number>>>;

/** The right-hand side threw; `cause` is what it threw. */
export class RightHandSideError extends Error {
  override readonly name = "RightHandSideError";
  /** Times of the rows that were asked for. */
  readonly times: readonly number[];

  constructor(times: readonly number[], cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const [first, last] = [Math.min(...times), Math.max(...times)];
    const where =
      first === last
        ? `t = ${numberText(first)}`
        : `${times.length} rows with t from ${numberText(first)} to ${numberText(last)}`;
    super(`f: threw at ${where}: ${reason}`, { cause });
    this.times = times;
  }
}

// A number that no right-hand side computes: what still holds it after the first call was not written.
const unwritten = -2.718281828459045e-290;

/** Calls f, takes its answer in either form, tells misuse from numerical trouble. */
export class RightHandSide {
  readonly #f: BatchRightHandSide;
  readonly #dimension: number;
  readonly #signal: AbortSignal | undefined;
  #checked = false;

  constructor(f: BatchRightHandSide, dimension: number, signal: AbortSignal | undefined) {
    this.#f = f;
    this.#dimension = dimension;
    this.#signal = signal;
  }

  /** A promise only where f returned one. */
  evaluate(
    times: Float64Array,
    y: Float64Array,
    count: number,
    out: Float64Array,
    rows: Int32Array,
  ): Promise<void> | undefined {
    if (!this.#checked) out.fill(unwritten);
    try {
      const answer = this.#f(times, y, count, out, rows);
      if (typeof answer === "object" && "then" in answer) {
        return answer.then(
          (array) => this.#take(array, out),
          (cause) => this.#fail(cause, times),
        );
      }
      this.#take(answer, out);
    } catch (cause) {
      this.#fail(cause, times);
    }
    return undefined;
  }

  #take(answer: Filling<number | ArrayLike<number>>, out: Float64Array): void {
    if (typeof answer === "object" && answer !== out) {
      if (answer.length !== out.length) {
        throw new UsageError(
          `f: must return ${out.length} numbers, one for each component of y, but got ${answer.length} - or write them to the array it is given`,
        );
      }
      out.set(answer);
    }
    if (!this.#checked) {
      this.#checked = true;
      const missing = out.indexOf(unwritten);
      if (missing >= 0) {
        throw new UsageError(
          `f: must write all ${this.#dimension} components of the derivative, but left component ${missing % this.#dimension} unwritten - assign every element`,
        );
      }
    }
  }

  #fail(cause: unknown, times: Float64Array): void {
    // A right-hand side that was cancelled through the same signal is no failure; the driver looks at the signal next.
    if (this.#signal?.aborted) return;
    throw cause instanceof UsageError ? cause : new RightHandSideError([...times], cause);
  }
}
