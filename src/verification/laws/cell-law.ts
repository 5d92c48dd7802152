import { log } from "../../../solvers/math/elementary.js";
import type { QuantileLaw } from "../../metrics/quantile-law.js";
import { couplingIntegrals, massBetween } from "./coupling-integrals.js";

/** The exact law of a sampler's output on the line, cell by cell: between two nodes of known probability the image is linear. */
export interface CellLaw {
  /** Images, increasing unless the sampler's map folds. */
  readonly values: Float64Array;
  /** Probability to the left and to the right of each node. */
  readonly below: Float64Array;
  readonly above: Float64Array;
  readonly mean: number;
  readonly variance: number;
  /** True when the map decreases somewhere where there is mass. */
  readonly folds: boolean;
  /** Largest |mass − 1| during the run; 0 where mass cannot be lost. */
  readonly massError: number;
  readonly evaluations: number;
}

/** Distances between an exact law and the truth; tv and kl are null where the truth has no density or the map folds. */
export interface CellDistances {
  readonly w1: number;
  readonly w2: number;
  /** KL(truth ‖ law), nats. */
  readonly kl: number | null;
  readonly tv: number | null;
}

/**
 * Distances of a law to the truth by the quantile coupling, which is optimal on the line.
 *
 * W1 and W2 are second order in the cell probabilities; KL and TV are those of the cells, and converge from below.
 */
export function cellDistances(law: CellLaw, truth: QuantileLaw, hasDensity = true): CellDistances {
  const sorted = law.folds ? sortedLaw(law) : law;
  const { w1, w2 } = couplingIntegrals(sorted, truth);
  const information = law.folds || !hasDensity ? { kl: null, tv: null } : informationDistances(law, truth);
  return { w1, w2: Math.sqrt(w2), ...information };
}

/** The density of the images, cell by cell: places (middles of cells) and values; empty where the map folds. */
export function cellDensity({ values, below, above, folds }: CellLaw): { x: number[]; density: number[] } {
  const x: number[] = [];
  const density: number[] = [];
  for (let i = 0; !folds && i + 1 < values.length; i++) {
    const width = values[i + 1]! - values[i]!;
    if (!(width > 0)) continue;
    x.push((values[i]! + values[i + 1]!) / 2);
    density.push(massBetween(below, above, i) / width);
  }
  return { x, density };
}

/** The distribution function of a law given cell by cell. */
export function cellCdf({ values, below }: CellLaw): (x: number) => number {
  const last = values.length - 1;
  return (x) => {
    if (x <= values[0]!) return below[0]!;
    if (x >= values[last]!) return below[last]!;
    let [low, high] = [0, last];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (values[middle]! <= x) low = middle;
      else high = middle;
    }
    const share = (x - values[low]!) / (values[high]! - values[low]!);
    return below[low]! + share * (below[high]! - below[low]!);
  };
}

/** KL(truth ‖ law) and total variation over the cells: both converge from below, with the square of the cell width. */
function informationDistances({ values, below, above }: CellLaw, truth: QuantileLaw): { kl: number; tv: number } {
  const truthBelow = values.map((y) => truth.cdf(y));
  const truthAbove = values.map((y) => truth.survival(y));
  let kl = 0;
  let tv = truthBelow[0]! + truthAbove[values.length - 1]!;
  for (let i = 0; i + 1 < values.length; i++) {
    const own = massBetween(below, above, i);
    const theirs = massBetween(truthBelow, truthAbove, i);
    tv += Math.abs(own - theirs);
    if (theirs > 0 && own > 0) kl += theirs * log(theirs / own) - theirs + own;
  }
  // Terms ≥ 0, but for rounding.
  return { kl: Math.max(0, kl), tv: tv / 2 };
}

/** The law with its cells in the order of their images. */
function sortedLaw(law: CellLaw): CellLaw {
  const cells = Array.from({ length: law.values.length - 1 }, (_, i) => ({
    value: (law.values[i]! + law.values[i + 1]!) / 2,
    mass: massBetween(law.below, law.above, i),
  })).sort((a, b) => a.value - b.value);
  const below = middleSums(cells.map(({ mass }) => mass));
  const above = middleSums(cells.map(({ mass }) => mass).reverse()).reverse();
  const values = Float64Array.from(cells, ({ value }) => value);
  return { ...law, values, below, above, folds: true };
}

/** Sums of the masses up to the middle of each cell. */
function middleSums(masses: readonly number[]): Float64Array {
  let sum = 0;
  return Float64Array.from(masses, (mass) => {
    sum += mass;
    return sum - mass / 2;
  });
}
