import type { TimeStep } from "./time-step.js";

/** Step doubling: two half steps, with |two halves − one whole| / (2^order − 1) as error estimate. `make` gives a fresh step. */
export class DoubledStep implements TimeStep {
  readonly order: number;
  readonly #whole: TimeStep;
  readonly #halves: readonly [TimeStep, TimeStep];
  readonly #middle: Float64Array;
  readonly #coarse: Float64Array;
  #result: Float64Array;

  constructor(make: () => TimeStep, cells: number) {
    this.#whole = make();
    this.#halves = [make(), make()];
    this.order = this.#whole.order;
    this.#middle = new Float64Array(cells);
    this.#coarse = new Float64Array(cells);
    this.#result = this.#middle;
  }

  async prepare(c: number, direction: 1 | -1, h: number): Promise<void> {
    const half = 0.5 * h;
    await this.#halves[0].prepare(c, direction, half);
    await this.#halves[1].prepare(c + direction * half, direction, half);
    await this.#whole.prepare(c, direction, h);
  }

  apply(masses: Float64Array, out: Float64Array): void {
    this.#whole.apply(masses, this.#coarse);
    this.#halves[0].apply(masses, this.#middle);
    this.#halves[1].apply(this.#middle, out);
    this.#result = out;
  }

  error(): number {
    let sum = 0;
    for (let i = 0; i < this.#coarse.length; i++) sum += Math.abs(this.#result[i]! - this.#coarse[i]!);
    return sum / (this.order === 1 ? 1 : 3);
  }

  applyPositive(masses: Float64Array, out: Float64Array): void {
    this.#whole.applyPositive(masses, out);
  }
}
