import { applyGenerator, type Generator, zeroGenerator } from "./generator.js";
import type { GeneratorSource } from "./generator-source.js";
import { StepMatrix, type TimeStep } from "./time-step.js";

/** Crank–Nicolson with A at mid-step, (I − ½hA) p′ = (I + ½hA) p: order 2, positive only while h |A_ii| ≤ 2. */
export class CrankNicolsonStep implements TimeStep {
  readonly order = 2;
  readonly #source: GeneratorSource;
  readonly #matrix: StepMatrix;
  readonly #eulerMatrix: StepMatrix;
  readonly #rhs: Float64Array;
  #generator: Generator;
  #h = 0;

  constructor(source: GeneratorSource) {
    const cells = source.mesh.widths.length;
    this.#source = source;
    this.#matrix = new StepMatrix(source);
    this.#eulerMatrix = new StepMatrix(source);
    this.#rhs = new Float64Array(cells);
    this.#generator = zeroGenerator(cells);
  }

  async prepare(c: number, direction: 1 | -1, h: number): Promise<void> {
    this.#generator = await this.#source.at(c + 0.5 * direction * h);
    this.#h = h;
    this.#matrix.set(this.#generator, 0.5 * h);
  }

  apply(masses: Float64Array, out: Float64Array): void {
    const rhs = this.#rhs;
    applyGenerator(this.#generator, masses, rhs);
    const half = 0.5 * this.#h;
    for (let i = 0; i < rhs.length; i++) rhs[i] = masses[i]! + half * rhs[i]!;
    this.#matrix.solve(rhs, out);
  }

  error(): number {
    return Number.NaN;
  }

  applyPositive(masses: Float64Array, out: Float64Array): void {
    this.#eulerMatrix.set(this.#generator, this.#h);
    this.#eulerMatrix.solve(masses, out);
  }
}
