import { suggestion, UsageError } from "../../solvers/errors.js";
import { parseSpec } from "../../solvers/spec.js";
import type { Sde } from "../sdes/types.js";
import { cumulativeWeights, findBound } from "../targets/cumulative-weights.js";
import { normalCdf, normalDensity } from "../targets/special/normal.js";
import { truncatedNormalFromUniform } from "../targets/special/truncated-normal.js";

/** A law of the times at which the loss is taken, on [tMin, tMax]. */
export interface TimeSampling {
  readonly name: string;
  /** A time of this law from a uniform in (0, 1]. */
  fromUniform(uniform: number): number;
  /** Density of the law in t. */
  density(t: number): number;
  /** Factor of the loss at t: 1, or what makes the expected loss that of uniform times. */
  factor(t: number): number;
}

/** A time sampling by spec, or one of a user's own. */
export type TimeSamplingChoice = string | TimeSampling;

/** Named time samplings and their options. */
export const TIME_SAMPLINGS: Readonly<
  Record<string, { readonly summary: string; readonly options: Readonly<Record<string, number>> }>
> = {
  uniform: { summary: "uniform in t", options: {} },
  "log-snr": { summary: "uniform in λ = ln(α/σ)", options: {} },
  edm: {
    summary: "ln(σ/α) normal, restricted to [tMin, tMax] (Karras et al. 2022, table 1)",
    options: { mean: -1.2, standardDeviation: 1.2 },
  },
  importance: {
    summary:
      "density in proportion to the weight on the noise, the loss divided by it (Song et al. 2021, arXiv 2101.09258)",
    options: {},
  },
};

/**
 * The time sampling that is meant; `noiseWeight` is the weight on ‖ε̂ − ε‖² that `importance` follows.
 *
 * @throws UsageError for an unknown name or option, or an option out of range
 */
export function resolveTimeSampling(
  choice: TimeSamplingChoice,
  sde: Sde,
  noiseWeight: (t: number) => number,
): TimeSampling {
  if (typeof choice !== "string") return choice;
  const { name, options } = parseSpec(choice);
  const entry = TIME_SAMPLINGS[name];
  if (entry === undefined) {
    throw new UsageError(`timeSampling: unknown name '${name}'.${suggestion(name, Object.keys(TIME_SAMPLINGS))}`);
  }
  for (const [key, value] of Object.entries(options)) {
    if (!Object.hasOwn(entry.options, key)) {
      throw new UsageError(
        `timeSampling ${name}: unknown option '${key}'.${suggestion(key, Object.keys(entry.options))}`,
      );
    }
    if (typeof value !== "number" || !Number.isFinite(value) || (key === "standardDeviation" && value <= 0)) {
      throw new UsageError(
        `timeSampling ${name}: ${key} must be a ${key === "mean" ? "" : "positive "}number, but got ${JSON.stringify(value)}`,
      );
    }
  }
  const { mean = 0, standardDeviation = 1 } = { ...entry.options, ...numbersOf(options) };
  switch (name) {
    case "uniform":
      return { name: choice, ...uniform(sde) };
    case "log-snr":
      return { name: choice, ...logSnrUniform(sde) };
    case "edm":
      return { name: choice, ...logNormal(sde, mean, standardDeviation) };
    default:
      return { name: choice, ...importance(sde, noiseWeight) };
  }
}

/** Times of a batch: with `stratified`, the uniforms of row i lie in ((i)/n, (i + 1)/n]. */
export function fillTimes(
  sampling: TimeSampling,
  stratified: boolean,
  uniforms: Float64Array,
  out: Float64Array,
): void {
  const count = uniforms.length;
  for (let i = 0; i < count; i++) {
    out[i] = sampling.fromUniform(stratified ? (i + uniforms[i]!) / count : uniforms[i]!);
  }
}

type Law = Omit<TimeSampling, "name">;

function uniform({ tMin, tMax }: Sde): Law {
  return {
    fromUniform: (u) => tMin + u * (tMax - tMin),
    density: () => 1 / (tMax - tMin),
    factor: () => 1,
  };
}

/** −dλ/dt = g²/(2σ²). */
function logSnrRate(sde: Sde, t: number): number {
  const ratio = sde.diffusion(t) / sde.sigma(t);
  return 0.5 * ratio * ratio;
}

function clamp({ tMin, tMax }: Sde, t: number): number {
  return Math.min(Math.max(t, tMin), tMax);
}

function logSnrUniform(sde: Sde): Law {
  const low = sde.logSnr(sde.tMax);
  const span = sde.logSnr(sde.tMin) - low;
  return {
    fromUniform: (u) => clamp(sde, sde.timeAtLogSnr(low + u * span)),
    density: (t) => logSnrRate(sde, t) / span,
    factor: () => 1,
  };
}

function logNormal(sde: Sde, mean: number, deviation: number): Law {
  const scaled = (t: number) => (-sde.logSnr(t) - mean) / deviation;
  const [from, to] = [scaled(sde.tMin), scaled(sde.tMax)];
  const mass = from > 0 ? normalCdf(-from) - normalCdf(-to) : normalCdf(to) - normalCdf(from);
  if (!(mass > 1e-12)) {
    throw new UsageError(
      `timeSampling edm: the law must have mass where σ/α of ${sde.name} runs, but got ${mass} - choose another mean`,
    );
  }
  return {
    fromUniform: (u) => clamp(sde, sde.timeAtLogSnr(-(mean + deviation * truncatedNormalFromUniform(from, to, u)))),
    density: (t) => (normalDensity(scaled(t)) * logSnrRate(sde, t)) / (deviation * mass),
    factor: () => 1,
  };
}

/** Cells of the importance density, equal in λ. */
const CELLS = 1024;

/** A density constant in t within each cell: exactly known, so that the factor leaves no bias. */
function importance(sde: Sde, noiseWeight: (t: number) => number): Law {
  const { tMin, tMax } = sde;
  const last = sde.logSnr(tMin);
  const span = last - sde.logSnr(tMax);
  const edge = (k: number) =>
    k === 0 ? tMin : k === CELLS ? tMax : clamp(sde, sde.timeAtLogSnr(last - (span * k) / CELLS));
  const edges = Float64Array.from({ length: CELLS + 1 }, (_, k) => edge(k));
  const masses = Float64Array.from({ length: CELLS }, (_, k) => {
    const width = edges[k + 1]! - edges[k]!;
    return width * noiseWeight(edges[k]! + 0.5 * width);
  });
  const sum = masses.reduce((total, mass) => total + mass, 0);
  if (!(sum > 0 && Number.isFinite(sum))) {
    throw new UsageError(
      `timeSampling importance: the weights must have a finite positive sum, but got ${sum} - choose another weighting`,
    );
  }
  const weights = masses.map((mass) => mass / sum);
  const bounds = cumulativeWeights(weights);
  const density = (k: number) => weights[k]! / (edges[k + 1]! - edges[k]!);
  const cellOf = (t: number) => Math.min(CELLS - 1, Math.max(0, findBound(edges, t) - 1));
  return {
    fromUniform(u) {
      const k = findBound(bounds, u);
      const below = k === 0 ? 0 : bounds[k - 1]!;
      const share = weights[k]! > 0 ? Math.min(1, Math.max(0, (u - below) / weights[k]!)) : 0.5;
      return edges[k]! + share * (edges[k + 1]! - edges[k]!);
    },
    density: (t) => density(cellOf(t)),
    factor: (t) => 1 / ((tMax - tMin) * density(cellOf(t))),
  };
}

function numbersOf(options: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(options).flatMap(([key, value]) => (typeof value === "number" ? [[key, value]] : [])),
  );
}
