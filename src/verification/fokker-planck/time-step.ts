import type { Generator } from "./generator.js";
import type { GeneratorSource } from "./generator-source.js";
import { ImplicitSolve } from "./implicit-solve.js";

/** One step of a scheme: `prepare` it once, then `apply` it to any number of vectors of cell masses. No array is made in either. */
export interface TimeStep {
  /** Order in h of the error after a fixed time. */
  readonly order: number;
  /** Sets the step from clock reading c to c + direction · h, h > 0. */
  prepare(c: number, direction: 1 | -1, h: number): Promise<void>;
  /** Writes the masses after the step to `out`, which must not be `masses`; sums are kept to rounding. */
  apply(masses: Float64Array, out: Float64Array): void;
  /** Estimate of the L1 error of the last `apply`; NaN where the scheme has none of its own. */
  error(): number;
  /** The same step by implicit Euler: order 1, but positive for any h. */
  applyPositive(masses: Float64Array, out: Float64Array): void;
}

/** Factored I − θA, factored again only when A or θ change. */
export class StepMatrix {
  readonly #solve: ImplicitSolve;
  readonly #constant: boolean;
  #theta = Number.NaN;

  constructor(source: GeneratorSource) {
    this.#solve = new ImplicitSolve(source.mesh.widths.length);
    this.#constant = source.constant;
  }

  set(generator: Generator, theta: number): void {
    if (this.#constant && theta === this.#theta) return;
    this.#solve.factor(generator, theta);
    this.#theta = theta;
  }

  solve(rhs: Float64Array, out: Float64Array): void {
    this.#solve.solve(rhs, out);
  }
}

/** Σ |v_i|. */
export function sumOfMagnitudes(v: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < v.length; i++) sum += Math.abs(v[i]!);
  return sum;
}
