import { integrateQuantile } from "./integrate-quantile.js";
import type { QuantileLaw } from "./quantile-law.js";

/** Cells of equal width in x, whose levels cut the probabilities: gaps between modes, where an integrand hides, lie between levels. */
const CELLS = 256;
/** Probability beyond the outermost cells. */
const TAIL = 1e-17;
/** Error allowed to each stretch, as a share of W2². */
const SHARE = 1e-9;

/**
 * W2 between two laws on the line, (∫ (F⁻¹ − G⁻¹)² du)^½, in the unit of x; relative error below 1e-6, also where the laws have gaps.
 *
 * Each half of the probabilities is integrated from its own end. A first pass finds the size that the second one's tolerance takes.
 */
export function quantileDistance(first: QuantileLaw, second: QuantileLaw): number {
  const gap: QuantileLaw = {
    ...first,
    quantile: (probability, options) => first.quantile(probability, options) - second.quantile(probability, options),
  };
  const halves = [false, true].map((upper) => ({ upper, levels: levelsOf(first, upper) }));
  let square = 0;
  for (const share of [Number.POSITIVE_INFINITY, SHARE]) {
    const tolerance = square > 0 ? share * square : Number.POSITIVE_INFINITY;
    const moments = new Float64Array(2);
    for (const { upper, levels } of halves) {
      for (let i = 0; i + 1 < levels.length; i++) {
        const [from, to] = [levels[i]!, levels[i + 1]!];
        const tolerances = [Number.POSITIVE_INFINITY, tolerance] as const;
        integrateQuantile(gap, { from, to, upper, center: 0, tolerances }, moments);
      }
    }
    square = moments[1]!;
  }
  return Math.sqrt(square);
}

/** Probabilities from 0 to ½ at the edges of the cells, counted from one end. */
function levelsOf(law: QuantileLaw, upper: boolean): Float64Array {
  const low = law.quantile(TAIL);
  const width = (law.quantile(TAIL, { upper: true }) - low) / CELLS;
  const edges = Array.from({ length: CELLS - 1 }, (_, i) => low + width * (i + 1));
  const inside = edges.map((x) => (upper ? law.survival(x) : law.cdf(x))).filter((level) => level > 0 && level < 0.5);
  return Float64Array.of(0, ...inside, 0.5).sort();
}
