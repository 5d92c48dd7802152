import type { ConvergeResult } from "../experiments/converge-result.js";
import { jsonText } from "./json-text.js";

/** The content of `results.json` of `converge`: keys in a fixed order, numbers that are not finite as null. */
export function convergeJson({ schema, stamp, sde, target, grid, rows }: ConvergeResult): string {
  return jsonText({
    schema,
    stamp,
    sde: { name: sde.name, options: sde.options },
    target: { name: target.name, dimension: target.dimension, options: target.options },
    grid,
    rows: rows.map((row) => ({
      solver: row.solver,
      options: row.options,
      stochastic: row.stochastic,
      verdict: row.verdict,
      statement: row.statement,
      kind: row.kind,
      distance: row.distance,
      against: row.against,
      expected: row.expected,
      band: row.band,
      measured: row.measured,
      range: row.range,
      points: row.points,
      ratios: row.ratios,
    })),
  });
}
