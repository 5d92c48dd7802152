import { suggestion, UsageError } from "../../solvers/errors.js";
import { exp, expm1 } from "../../solvers/math/elementary.js";
import { numberText } from "../../solvers/number-text.js";
import { BETA_TABLES, type BetaTableName } from "./beta-tables.js";
import { linearSde } from "./linear-sde.js";
import { StepRate } from "./step-rate.js";
import type { Sde } from "./types.js";
import { requireTimeRange } from "./validate.js";
import { integratedRateAtLogSnr, logSnrAtIntegratedRate } from "./variance-preserving.js";

/** Options of `discrete`. */
export interface DiscreteOptions {
  /** β_0 … β_{N−1}, each in (0, 1), or the name of a table. */
  readonly betas?: ArrayLike<number> | BetaTableName;
  /** Length of a named table. */
  readonly count?: number;
  /** Time at which sampling ends, > 0; 1/N when left out. */
  readonly tMin?: number;
  /** Time at which sampling starts, ≤ 1. */
  readonly tMax?: number;
}

export const DISCRETE_DEFAULTS = { betas: "linear", count: 1000, tMin: null, tMax: 1 } as const;

/**
 * Variance-preserving SDE through a DDPM chain: α(t_i)² = Π_{j≤i}(1 − β_j) at t_i = (i + 1)/N, ln α linear between nodes and through (0, 0).
 *
 * Defined for 0 ≤ t ≤ 1; β is constant on (t_{i−1}, t_i]; prior N(0, 1). Ho et al. 2020 (arXiv 2006.11239) eq. 4.
 *
 * @throws UsageError for an empty table, a β outside (0, 1), an unknown table name, or unless 0 < tMin < tMax ≤ 1.
 */
export function discrete({
  betas = DISCRETE_DEFAULTS.betas,
  count,
  tMin,
  tMax = DISCRETE_DEFAULTS.tMax,
}: DiscreteOptions = {}): Sde {
  const table = betaTable(betas, count);
  const size = table.length;
  const end = tMin ?? 1 / size;
  requireTimeRange("discrete", end, tMax);
  if (tMax > 1) {
    throw new UsageError(
      `discrete: tMax must be at most 1, where the table ends, but got ${numberText(tMax)} - leave it out, or give a longer table.`,
    );
  }
  const rate = new StepRate(table);
  return linearSde({
    name: "discrete",
    options: {
      betas: typeof betas === "string" ? betas : Array.from(betas),
      ...(typeof betas === "string" ? { count: size } : {}),
      tMin: end,
      tMax,
    },
    tMin: end,
    tMax,
    variancePreserving: true,
    priorStandardDeviation: 1,
    breakpoints: Array.from(rate.nodes).filter((t) => t > end && t < tMax),
    domain: { from: 0, before: 1, closed: true },
    alpha: (t) => exp(-0.5 * rate.integral(t)),
    sigma: (t) => Math.sqrt(-expm1(-rate.integral(t))),
    logSnr: (t) => logSnrAtIntegratedRate(rate.integral(t)),
    timeAtLogSnr: (lambda) => rate.timeAtIntegral(integratedRateAtLogSnr(lambda)),
    driftCoefficient: (t) => -0.5 * rate.rate(t),
    diffusion: (t) => Math.sqrt(rate.rate(t)),
    transition(from, to) {
      const increment = rate.increment(from, to);
      return { scale: exp(-0.5 * increment), variance: -expm1(-increment) };
    },
  });
}

/** The table asked for, every entry in (0, 1). */
function betaTable(betas: ArrayLike<number> | string, count: number | undefined): ArrayLike<number> {
  if (typeof betas === "string") {
    for (const [name, make] of Object.entries(BETA_TABLES)) if (name === betas) return make(count);
    throw new UsageError(
      `discrete: betas must be an array or a table's name, but got '${betas}'.${suggestion(betas, Object.keys(BETA_TABLES))}`,
    );
  }
  if (count !== undefined && count !== betas.length) {
    throw new UsageError(
      `discrete: count must be the length of betas (${betas.length}), but got ${count} - leave it out, it belongs to named tables.`,
    );
  }
  if (!(betas.length > 0)) {
    throw new UsageError(
      "discrete: betas must hold at least one number, but got an empty table - or name a table: betas = 'linear'.",
    );
  }
  for (let i = 0; i < betas.length; i++) {
    const beta: unknown = betas[i];
    if (typeof beta === "number" && beta > 0 && beta < 1) continue;
    throw new UsageError(
      `discrete: every beta must lie in (0, 1), but got ${String(beta)} at index ${i} - correct it.`,
    );
  }
  return betas;
}
