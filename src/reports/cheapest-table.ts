import type { CompareResult } from "../experiments/compare-result.js";
import { mainMetrics } from "./main-metric.js";
import { typesetMetric } from "./metric-title.js";
import { formatCount, formatSignificant } from "./number-format.js";
import { runSeries } from "./run-series.js";
import { seriesStyles } from "./series-style.js";
import type { Table } from "./table.js";

const MOST_ROWS = 6;

/**
 * For round error levels, the run with the fewest evaluations that stays below: exact values count as they are,
 * sampled ones with two standard errors added. Null where fewer than two levels are reached.
 */
export function cheapestTable(result: CompareResult): Table | null {
  const metrics = mainMetrics(result);
  const series = seriesStyles(runSeries(result, metrics));
  const runs = series.flatMap((one) =>
    one.points.map(({ evaluations, exact, sampled }) => ({
      series: one,
      evaluations,
      bound: exact ?? sampled!.value + 2 * sampled!.standardError,
    })),
  );
  const bounds = runs.map(({ bound }) => bound).filter((bound) => bound > 0);
  const rows = roundLevels(Math.min(...bounds), Math.max(...bounds)).map((level) => {
    const cheapest = runs
      .filter(({ bound }) => bound <= level)
      .reduce((best, run) =>
        run.evaluations < best.evaluations || (run.evaluations === best.evaluations && run.bound < best.bound)
          ? run
          : best,
      );
    return {
      cells: [
        { text: cheapest.series.label },
        { text: String(level) },
        { text: formatCount(cheapest.evaluations) },
        { text: formatSignificant(cheapest.bound) },
      ],
      swatch: { colour: cheapest.series.colour, shape: cheapest.series.shape, isDashed: cheapest.series.stochastic },
    };
  });
  if (rows.length < 2) return null;
  const name = typesetMetric(metrics.name);
  return {
    columns: [
      { title: "solver", align: "left" },
      { title: `${name} at most`, align: "decimal" },
      { title: "evaluations", align: "decimal" },
      { title: `${name} reached`, align: "decimal" },
    ],
    rows: rows.slice(0, MOST_ROWS),
    caption: "Among the runs measured, without interpolation; sampled values count with two standard errors added.",
  };
}

/** 1, 2 and 5 times powers of ten between two values, from the greatest down. */
function roundLevels(low: number, high: number): number[] {
  if (!(low > 0 && high < Infinity)) return [];
  const levels: number[] = [];
  for (let exponent = Math.ceil(Math.log10(high)); exponent >= Math.floor(Math.log10(low)); exponent--) {
    for (const multiplier of [5, 2, 1]) {
      const level = Number(`${multiplier}e${exponent}`);
      if (level >= low && level <= high) levels.push(level);
    }
  }
  return levels;
}
