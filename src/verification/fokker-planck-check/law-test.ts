import { numberText } from "../../../solvers/number-text.js";
import { chiSquare } from "../../metrics/chi-square.js";
import { kolmogorovSmirnov } from "../../metrics/kolmogorov-smirnov.js";
import type { PerturbedLaw, Target } from "../../targets/types.js";
import type { SampledTest } from "../sampled-family.js";
import { cellCounts, planeCells } from "./plane-cells.js";

/** Name of the test of samples against a law of the target's dimension. */
export function lawTestName({ dimension }: Target): string {
  return dimension === 1 ? "Kolmogorov–Smirnov" : "χ² over cells of equal mass";
}

/** Tests samples against a law with a density: by its distribution function on the line, by masses of cells in the plane. */
export function lawTest(
  samples: Float64Array,
  target: Target,
  law: PerturbedLaw,
): Pick<SampledTest, "result" | "statistic"> {
  if (target.dimension === 1) return { result: kolmogorovSmirnov(samples, (x) => law.cdf!(x)) };
  const count = samples.length / 2;
  const cells = planeCells(target, law, count);
  const result = chiSquare(
    cellCounts(cells, samples),
    cells.probabilities.map((p) => p * count),
  );
  return { result, statistic: chiSquareText(result) };
}

/** "χ² = 31.2, 35 degrees of freedom". */
export function chiSquareText({ statistic, degrees }: ReturnType<typeof chiSquare>): string {
  return `χ² = ${numberText(statistic, 3)}, ${degrees} degrees of freedom`;
}
