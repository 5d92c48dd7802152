import { numberOption } from "../../../solvers/options.js";
import { boxTarget } from "../boxes.js";
import { laplaceTarget } from "../laplace.js";
import { mixtureTarget } from "../mixture.js";
import type { Target } from "../types.js";
import { defineToy } from "./definition.js";

function lineMixture(name: string, weights: number[], means: number[], standardDeviations: number[]): Target {
  return mixtureTarget({
    name,
    options: {},
    components: {
      dimension: 1,
      count: weights.length,
      isotropic: true,
      weights: Float64Array.from(weights),
      means: Float64Array.from(means),
      standardDeviations: Float64Array.from(standardDeviations),
    },
  });
}

/** The laws on the line. */
export const LINE_TOYS = [
  defineToy(
    { name: "bimodal", dimension: 1, summary: "two Gaussians, weights 0.4 and 0.6, at −1.5 and 1", options: {} },
    () => lineMixture("bimodal", [0.4, 0.6], [-1.5, 1], [0.3, 0.4]),
  ),
  defineToy(
    { name: "trimodal", dimension: 1, summary: "three Gaussians, weights 0.3, 0.5, 0.2, at −2, 0.5, 2", options: {} },
    () => lineMixture("trimodal", [0.3, 0.5, 0.2], [-2, 0.5, 2], [0.3, 0.4, 0.25]),
  ),
  defineToy({ name: "spiky", dimension: 1, summary: "five Gaussians, widths from 0.01 to 0.4", options: {} }, () =>
    lineMixture("spiky", [0.1, 0.25, 0.3, 0.2, 0.15], [-3, -1.5, 0, 1, 2.5], [0.02, 0.4, 0.05, 0.15, 0.01]),
  ),
  defineToy(
    {
      name: "uniform",
      dimension: 1,
      summary: "uniform on an interval around 0",
      options: { halfWidth: numberOption(1, "half the length of the interval", { above: 0 }) },
    },
    (options) =>
      boxTarget("uniform", options, {
        dimension: 1,
        count: 1,
        weights: Float64Array.of(1),
        sides: [{ from: Float64Array.of(-options.halfWidth), to: Float64Array.of(options.halfWidth) }],
        sideOf: Int32Array.of(0),
      }),
  ),
  defineToy(
    {
      name: "laplace",
      dimension: 1,
      summary: "two-sided exponential: a kink and heavy tails",
      options: {
        mean: numberOption(0, "centre"),
        scale: numberOption(1, "b in exp(−|x − mean|/b) / 2b", { above: 0 }),
      },
    },
    laplaceTarget,
  ),
] as const;
