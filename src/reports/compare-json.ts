import type { CompareResult } from "../experiments/compare-result.js";
import { jsonText } from "./json-text.js";

/** The content of `results.json`: keys in a fixed order, numbers that are not finite as null, a line feed at the end. */
export function compareJson({ schema, stamp, sde, target, floor, runs }: CompareResult): string {
  const { version, node, cpu, engine, seed, config, argv, started, seconds } = stamp;
  return jsonText({
    schema,
    stamp: { version, node, cpu, engine, seed, config, argv, started, seconds },
    sde: { name: sde.name, options: sde.options },
    target: { name: target.name, dimension: target.dimension, options: target.options },
    floor,
    runs: runs.map((run) => ({
      solver: run.solver,
      options: run.options,
      stochastic: run.stochastic,
      grid: run.grid,
      steps: run.steps,
      rtol: run.rtol,
      atol: run.atol,
      evaluations: run.evaluations,
      accepted: run.accepted,
      rejected: run.rejected,
      samples: run.samples,
      repeats: run.repeats,
      status: run.status,
      message: run.message,
      seconds: run.seconds,
      samplesPerSecond: run.samplesPerSecond,
      metrics: run.metrics,
      exact: run.exact && { w1: run.exact.w1, w2: run.exact.w2, kl: run.exact.kl, tv: run.exact.tv },
      budget: run.budget && {
        initialisation: run.budget.initialisation,
        discretisation: run.budget.discretisation,
        truncation: run.budget.truncation,
        score: run.budget.score,
      },
    })),
  });
}
