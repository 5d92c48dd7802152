/** Of several comparisons of a figure with its bound, the one that is nearest to failing, or has failed worst. */
export class ClosestCall {
  #figure = 0;
  #tolerance = 0;
  #ratio = -1;

  /** Takes a comparison into account; NaN counts as the worst. */
  add(figure: number, tolerance: number): void {
    const ratio = figure === 0 ? 0 : figure / tolerance;
    if (Number.isNaN(this.#ratio) || ratio <= this.#ratio) return;
    this.#figure = figure;
    this.#tolerance = tolerance;
    this.#ratio = ratio;
  }

  get figure(): number {
    return this.#figure;
  }

  get tolerance(): number {
    return this.#tolerance;
  }
}
