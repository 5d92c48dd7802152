import { pow } from "../../solvers/math/elementary.js";
import { formatSpec } from "../../solvers/spec.js";
import { truthPanel } from "../experiments/compare-panels.js";
import type { SampleReport } from "../experiments/sample-report.js";
import { pointRows } from "../targets/points.js";
import type { Target } from "../targets/types.js";
import type { ChartSpec } from "./chart-spec.js";
import { formatCount } from "./number-format.js";
import { samplesChart } from "./samples-chart.js";

const MOST_POINTS = 2000;

/** Samples against the density of the data, in one or two dimensions; null above. `points` are row-major. */
export function samplesPicture(report: SampleReport, target: Target, points: Float64Array): ChartSpec | null {
  const { dimension } = target;
  const { law, width } = densityOf(target);
  const truth = truthPanel(law);
  if (truth === null) return null;
  const finite = finiteRows(points, dimension);
  const panel = {
    label: report.solver,
    solver: report.solver,
    evaluations: report.evaluations,
    dimension,
    points: dimension === 1 ? finite : finite.slice(0, MOST_POINTS * dimension),
  };
  const shown = Math.min(finite.length / dimension, dimension === 1 ? Number.POSITIVE_INFINITY : MOST_POINTS);
  const density =
    width === null
      ? "exact density of the data"
      : `data smoothed by a Gaussian of standard deviation ${width.toPrecision(2)}`;
  return samplesChart(truth, [panel], {
    title: `${shown} samples of ${formatSpec({ name: target.name, options: {} })} by ${report.solver}, ${formatCount(report.evaluations)} evaluations each`,
    subtitle:
      dimension === 1
        ? `grey: ${density}; line: histogram of the samples`
        : `contours: regions that hold 50% and 95% of the ${density}; dots: samples`,
  });
}

/** Points whose coordinates are all finite: the array itself where every one is. */
function finiteRows(points: Float64Array, dimension: number): Float64Array {
  if (points.every(Number.isFinite)) return points;
  return points.filter((_, i) => {
    const first = i - (i % dimension);
    return points.subarray(first, first + dimension).every(Number.isFinite);
  });
}

/** A target with a density to draw: itself, or its points smoothed at Silverman's width. */
function densityOf(target: Target): { readonly law: Target; readonly width: number | null } {
  const { dimension, covariance } = target;
  if (target.logDensity !== undefined) return { law: target, width: null };
  const count = Number(target.options.count ?? 1000);
  const spread = Array.from({ length: dimension }, (_, d) => Math.sqrt(covariance[d * (dimension + 1)]!));
  const width = Math.min(...spread) * pow(4 / (dimension + 2) / count, 1 / (dimension + 4));
  if (!(width > 0)) return { law: target, width };
  const smoothed = target.perturbed(1, width);
  const logDensity: NonNullable<Target["logDensity"]> = (x) => {
    const rows = pointRows(x, dimension, "points");
    const out = new Float64Array(rows.count);
    smoothed.logDensity(rows.data, rows.count, out);
    return out;
  };
  return { law: { ...target, logDensity }, width };
}
