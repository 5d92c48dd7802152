import {
  allocateSmoothed,
  type MixtureComponents,
  type SmoothedComponents,
  smoothComponents,
  smoothOffsets,
} from "./mixture-components.js";
import { exponentiate } from "./mixture-kernels.js";
import { plainSpaceProducts, type SpaceProducts } from "./space-products.js";
import { spaceProductsByKernel } from "./space-products-kernel.js";

/** Scores of isotropic components in three dimensions and more; the bits of a row do not depend on the others. */
export class SpaceScores {
  readonly #components: MixtureComponents;
  readonly #plain: SpaceProducts;
  readonly #shares: Float64Array;
  /** The law of the row at hand, of `scoreRows`. */
  readonly #law: SmoothedComponents;
  #alphas = new Float64Array(0);
  #table = new Float64Array(0);

  constructor(components: MixtureComponents) {
    const { means, count, dimension } = components;
    this.#components = components;
    this.#plain = plainSpaceProducts(means, count, dimension);
    this.#shares = new Float64Array(count);
    this.#law = allocateSmoothed(components);
  }

  /** Writes the scores under `law`, a smoothing of the components with its offsets. */
  score(law: SmoothedComponents, x: Float64Array, count: number, out: Float64Array): void {
    if (this.#alphas.length < count) this.#alphas = new Float64Array(count);
    this.#alphas.fill(law.alpha, 0, count);
    this.#run(() => law, x, this.#alphas, count, out);
  }

  /** Writes the scores of rows that each have their own (α, σ). @throws UsageError when a component would have variance 0 */
  scoreRows(x: Float64Array, alphas: Float64Array, sigmas: Float64Array, count: number, out: Float64Array): void {
    let [alpha, sigma] = [Number.NaN, Number.NaN];
    const lawOf = (i: number) => {
      if (alphas[i] !== alpha || sigmas[i] !== sigma) {
        [alpha, sigma] = [alphas[i]!, sigmas[i]!];
        smoothComponents(this.#components, alpha, sigma, this.#law);
        smoothOffsets(this.#components, alpha, sigma, this.#law);
      }
      return this.#law;
    };
    this.#run(lawOf, x, alphas, count, out);
  }

  #run(
    lawOf: (row: number) => SmoothedComponents,
    x: Float64Array,
    alphas: Float64Array,
    count: number,
    out: Float64Array,
  ): void {
    const { means, count: components, dimension } = this.#components;
    const products = spaceProductsByKernel(means, components, dimension, count) ?? this.#plain;
    const atOnce = Math.min(products.rows, count);
    if (this.#table.length < atOnce * components) this.#table = new Float64Array(atOnce * components);
    const [table, shares] = [this.#table, this.#shares];
    const sums = new Float64Array(atOnce);
    for (let first = 0; first < count; first += atOnce) {
      const rows = Math.min(atOnce, count - first);
      products.distances(x, alphas, first, rows, table);
      for (let i = 0; i < rows; i++) {
        const { precisions, offsets } = lawOf(first + i);
        const cell = i * components;
        let largest = Number.NEGATIVE_INFINITY;
        for (let k = 0; k < components; k++) {
          const logit = offsets[k]! - 0.5 * (precisions[k]! * table[cell + k]!);
          shares[k] = logit;
          largest = logit > largest ? logit : largest;
        }
        sums[i] = exponentiate(shares, components, largest);
        for (let k = 0; k < components; k++) table[cell + k] = shares[k]! * precisions[k]!;
      }
      products.pulls(x, alphas, first, rows, table, out);
      for (let i = 0; i < rows; i++) {
        const row = (first + i) * dimension;
        for (let d = row; d < row + dimension; d++) out[d] = out[d]! / sums[i]!;
      }
    }
  }
}
