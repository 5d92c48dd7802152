import type { PathRecord } from "./dense-output.js";
import type { Tableau } from "./tableaus.js";

function grown(array: Float64Array, needed: number): Float64Array {
  if (needed <= array.length) return array;
  const larger = new Float64Array(Math.max(2 * array.length, needed));
  larger.set(array);
  return larger;
}

/** Collects the accepted points of one path of `width` components and, when `dense`, the polynomials between them. */
export class PathRecorder {
  readonly #width: number;
  readonly #interpolant: readonly (readonly number[])[];
  readonly #degree: number;
  readonly #dense: boolean;
  #points = 0;
  #times: Float64Array = new Float64Array(16);
  #states: Float64Array;
  #polynomials: Float64Array;

  constructor(width: number, tableau: Tableau, dense: boolean) {
    this.#width = width;
    this.#interpolant = tableau.interpolant;
    this.#degree = tableau.interpolant[0]!.length;
    this.#dense = dense;
    this.#states = new Float64Array(16 * width);
    this.#polynomials = new Float64Array(dense ? 16 * width * this.#degree : 0);
  }

  /** Adds the point (t, y[offset … offset + width]). */
  point(t: number, y: Float64Array, offset: number): void {
    const [width, index] = [this.#width, this.#points++];
    this.#times = grown(this.#times, index + 1);
    this.#states = grown(this.#states, (index + 1) * width);
    this.#times[index] = t;
    for (let i = 0; i < width; i++) this.#states[index * width + i] = y[offset + i]!;
  }

  /** Adds the polynomial of the step that starts at the last point, from its stages k[·][offset … offset + width]. */
  polynomial(k: readonly Float64Array[], offset: number): void {
    if (!this.#dense) return;
    const [width, degree, step] = [this.#width, this.#degree, this.#points - 1];
    this.#polynomials = grown(this.#polynomials, (step + 1) * width * degree);
    for (let i = 0; i < width; i++) {
      const at = (step * width + i) * degree;
      for (let j = 0; j < degree; j++) {
        let sum = 0;
        for (let s = 0; s < this.#interpolant.length; s++) sum += this.#interpolant[s]![j]! * k[s]![offset + i]!;
        this.#polynomials[at + j] = sum;
      }
    }
  }

  /** The record of components first … first + dimension. */
  record(first: number, dimension: number): PathRecord {
    const [width, degree, points] = [this.#width, this.#degree, this.#points];
    const select = (source: Float64Array, rows: number, size: number): Float64Array => {
      const out = new Float64Array(rows * dimension * size);
      for (let r = 0; r < rows; r++) {
        const start = (r * width + first) * size;
        out.set(source.subarray(start, start + dimension * size), r * dimension * size);
      }
      return out;
    };
    return {
      dimension,
      degree,
      times: this.#times.slice(0, points),
      states: select(this.#states, points, 1),
      polynomials: this.#dense ? select(this.#polynomials, points - 1, degree) : null,
    };
  }
}
