import type { TimeStep } from "./time-step.js";

/**
 * One step of ∂p/∂t = (A_x + A_y) p on a product grid (cell (i, j) at i · ny + j): the step of y on every row, then that of x on every
 * column. A_x and A_y commute, so splitting by dimension adds no error of its own.
 */
export class ProductStep implements TimeStep {
  readonly order: number;
  readonly #x: TimeStep;
  readonly #y: TimeStep;
  readonly #lineX: readonly [Float64Array, Float64Array];
  readonly #lineY: readonly [Float64Array, Float64Array];
  readonly #withError: boolean;
  #error = 0;

  constructor(x: TimeStep, y: TimeStep, nx: number, ny: number, withError: boolean) {
    this.order = Math.min(x.order, y.order);
    this.#x = x;
    this.#y = y;
    this.#lineX = [new Float64Array(nx), new Float64Array(nx)];
    this.#lineY = [new Float64Array(ny), new Float64Array(ny)];
    this.#withError = withError;
  }

  async prepare(c: number, direction: 1 | -1, h: number): Promise<void> {
    await this.#x.prepare(c, direction, h);
    await this.#y.prepare(c, direction, h);
  }

  apply(masses: Float64Array, out: Float64Array): void {
    this.#error = 0;
    this.#sweep(masses, out, (step, line, result) => {
      step.apply(line, result);
      if (this.#withError) this.#error += step.error();
    });
  }

  error(): number {
    return this.#error;
  }

  applyPositive(masses: Float64Array, out: Float64Array): void {
    this.#sweep(masses, out, (step, line, result) => step.applyPositive(line, result));
  }

  #sweep(
    masses: Float64Array,
    out: Float64Array,
    apply: (step: TimeStep, line: Float64Array, result: Float64Array) => void,
  ): void {
    const [row, newRow] = this.#lineY;
    const [column, newColumn] = this.#lineX;
    const nx = column.length;
    const ny = row.length;
    for (let i = 0; i < nx; i++) {
      for (let j = 0; j < ny; j++) row[j] = masses[i * ny + j]!;
      apply(this.#y, row, newRow);
      for (let j = 0; j < ny; j++) out[i * ny + j] = newRow[j]!;
    }
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) column[i] = out[i * ny + j]!;
      apply(this.#x, column, newColumn);
      for (let i = 0; i < nx; i++) out[i * ny + j] = newColumn[i]!;
    }
  }
}
