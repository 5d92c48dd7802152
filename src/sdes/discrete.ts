import { suggestion, UsageError } from "../../solvers/errors.js";
import { exp, expm1, log1p } from "../../solvers/math/elementary.js";
import { BETA_TABLES, type BetaTableName } from "./beta-tables.js";
import { linearSde } from "./linear-sde.js";
import type { Sde } from "./types.js";
import { requireTimeRange } from "./validate.js";
import { integratedRateAtLogSnr, logSnrAtIntegratedRate } from "./variance-preserving.js";

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
      `discrete: tMax must be at most 1, where the table ends, but got ${tMax} - leave it out, or give a longer table.`,
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

/** A rate that is constant on (t_{i−1}, t_i], with its integral B(t) = −2 ln α(t). */
class StepRate {
  /** t_i = (i + 1)/N. */
  readonly nodes: Float64Array;
  private readonly rates: Float64Array;
  /** B(t_i) as an unevaluated sum high + low, so that differences of near nodes stay accurate. */
  private readonly high: Float64Array;
  private readonly low: Float64Array;

  constructor(betas: ArrayLike<number>) {
    const size = betas.length;
    this.nodes = new Float64Array(size);
    this.rates = new Float64Array(size);
    this.high = new Float64Array(size);
    this.low = new Float64Array(size);
    let high = 0;
    let low = 0;
    for (let i = 0; i < size; i++) {
      const term = -log1p(-betas[i]!);
      const sum = high + term;
      low += Math.abs(high) >= term ? high - sum + term : term - sum + high;
      high = sum;
      this.nodes[i] = (i + 1) / size;
      this.rates[i] = term * size;
      this.high[i] = high;
      this.low[i] = low;
    }
  }

  rate(t: number): number {
    return this.rates[this.segment(t)]!;
  }

  integral(t: number): number {
    const i = this.segment(t);
    if (i === 0) return this.rates[0]! * t;
    return this.high[i]! + this.low[i]! - this.rates[i]! * (this.nodes[i]! - t);
  }

  increment(from: number, to: number): number {
    const i = this.segment(from);
    const j = this.segment(to);
    if (i === j) return this.rates[i]! * (to - from);
    const whole = this.high[j - 1]! - this.high[i]! + (this.low[j - 1]! - this.low[i]!);
    return this.rates[i]! * (this.nodes[i]! - from) + whole + this.rates[j]! * (to - this.nodes[j - 1]!);
  }

  /** t with B(t) = b; NaN beyond the table, but for rounding. */
  timeAtIntegral(b: number): number {
    const last = this.nodes.length - 1;
    const total = this.high[last]! + this.low[last]!;
    if (!(b <= total * (1 + 8 * Number.EPSILON))) return Number.NaN;
    let below = -1;
    let above = last;
    while (above - below > 1) {
      const middle = (below + above) >> 1;
      if (this.high[middle]! + this.low[middle]! < b) below = middle;
      else above = middle;
    }
    if (above === 0) return Math.min(b / this.rates[0]!, this.nodes[0]!);
    const t = this.nodes[above]! - (this.high[above]! + this.low[above]! - b) / this.rates[above]!;
    return Math.min(Math.max(t, this.nodes[above - 1]!), this.nodes[above]!);
  }

  /** The i with t in (t_{i−1}, t_i]. */
  private segment(t: number): number {
    const size = this.nodes.length;
    let i = Math.min(size - 1, Math.max(0, Math.ceil(t * size) - 1));
    // The product t·N may round to the wrong side of a node.
    while (i > 0 && t <= this.nodes[i - 1]!) i--;
    while (i < size - 1 && t > this.nodes[i]!) i++;
    return i;
  }
}
