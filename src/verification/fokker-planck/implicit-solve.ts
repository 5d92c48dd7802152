import type { Generator } from "./generator.js";

/**
 * The factored matrix I − θA of a generator A, θ ≥ 0.
 *
 * Elimination of an M-matrix with unit column sums needs no subtraction (as in Grassmann, Taksar & Heyman 1985): every pivot and, for
 * data ≥ 0, every result is accurate to a few rounding errors relative to itself, far tails included.
 */
export class ImplicitSolve {
  readonly #up: Float64Array;
  readonly #down: Float64Array;
  readonly #inverse: Float64Array;

  constructor(cells: number) {
    this.#up = new Float64Array(cells);
    this.#down = new Float64Array(cells);
    this.#inverse = new Float64Array(cells);
  }

  /** Factors I − θA. */
  factor(generator: Generator, theta: number): void {
    const up = this.#up;
    const down = this.#down;
    const inverse = this.#inverse;
    const last = up.length - 1;
    // pivot = excess + θ·up, where excess ≥ 1 is what is left of the column sum.
    let excess = 1;
    for (let i = 0; i < last; i++) {
      const u = theta * generator.up[i]!;
      const d = theta * generator.down[i]!;
      const reciprocal = 1 / (excess + u);
      up[i] = u * reciprocal;
      down[i] = d;
      inverse[i] = reciprocal;
      excess = 1 + d * excess * reciprocal;
    }
    inverse[last] = 1 / excess;
  }

  /** Solves (I − θA) out = rhs; `out` may be `rhs`. */
  solve(rhs: Float64Array, out: Float64Array): void {
    const up = this.#up;
    const down = this.#down;
    const inverse = this.#inverse;
    const last = up.length - 1;
    let y = rhs[0]!;
    out[0] = y;
    for (let i = 1; i <= last; i++) {
      y = rhs[i]! + up[i - 1]! * y;
      out[i] = y;
    }
    let x = y * inverse[last]!;
    out[last] = x;
    for (let i = last - 1; i >= 0; i--) {
      x = (out[i]! + down[i]! * x) * inverse[i]!;
      out[i] = x;
    }
  }
}
