import type { GeneratorSource } from "./generator-source.js";
import { StepMatrix, type TimeStep } from "./time-step.js";

/** Implicit Euler, (I − hA(c + h)) p′ = p: order 1, positive and mass-keeping for every h. */
export class ImplicitEulerStep implements TimeStep {
  readonly order = 1;
  readonly #source: GeneratorSource;
  readonly #matrix: StepMatrix;

  constructor(source: GeneratorSource) {
    this.#source = source;
    this.#matrix = new StepMatrix(source);
  }

  async prepare(c: number, direction: 1 | -1, h: number): Promise<void> {
    this.#matrix.set(await this.#source.at(c + direction * h), h);
  }

  apply(masses: Float64Array, out: Float64Array): void {
    this.#matrix.solve(masses, out);
  }

  error(): number {
    return Number.NaN;
  }

  applyPositive(masses: Float64Array, out: Float64Array): void {
    this.apply(masses, out);
  }
}
