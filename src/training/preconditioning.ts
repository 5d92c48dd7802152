import { conversion } from "../../solvers/conversion.js";
import { suggestion, UsageError } from "../../solvers/errors.js";
import { log } from "../../solvers/math/elementary.js";
import { numberText } from "../../solvers/number-text.js";
import type { Prediction, Schedule } from "../../solvers/types.js";

/** Coefficients at one time of prediction = skip · x + out · F(in · x, level). */
export interface Coefficients {
  readonly skip: number;
  readonly out: number;
  readonly in: number;
  /** c_noise mapped linearly to [−1, 1] over [tMin, tMax]. */
  readonly level: number;
}

/** Ties a raw network F to a prediction (Karras et al. 2022, eq. 7, for any α and σ). */
export interface Preconditioning {
  readonly name: PreconditioningName;
  /** What skip · x + out · F predicts. */
  readonly predicts: Prediction;
  /** σ_data, the scale of the data; used by `edm` alone. */
  readonly dataStandardDeviation: number;
  /** What the network is told about the time: c_noise of the scheme, t, or λ. */
  readonly levelOf: LevelName;
  /** Coefficients at time t. */
  at(t: number): Coefficients;
}

/** Name of a preconditioning. */
export type PreconditioningName = "none" | "vp" | "ve" | "edm";

/** What the network is told about the time; auto: what its scheme says. */
export type LevelName = "auto" | "t" | "log-snr";

/** Names of the preconditionings. */
export const PRECONDITIONINGS: readonly PreconditioningName[] = ["none", "vp", "ve", "edm"];
const LEVELS: readonly LevelName[] = ["auto", "t", "log-snr"];
const PREDICTIONS: readonly Prediction[] = ["score", "noise", "data", "velocity"];

/** Options of `preconditioning`. */
export interface PreconditioningOptions {
  readonly name: PreconditioningName;
  readonly sde: Schedule;
  /** What F predicts; only with `none`, the others define the data prediction. */
  readonly predicts: Prediction;
  /** > 0. */
  readonly dataStandardDeviation: number;
  readonly level?: LevelName;
}

/**
 * The preconditioning of that name, with r = σ/α and σ_d the scale of the data:
 *
 * | name | skip | out | in | c_noise |
 * |---|---|---|---|---|
 * | none | 0 | 1 | 1 | t |
 * | vp | 1/α | −r | 1/√(α² + σ²) | 999 t |
 * | ve | 1/α | r | 1/α | ln(r/2) |
 * | edm | α σ_d²/(σ² + α² σ_d²) | σ σ_d/√(σ² + α² σ_d²) | 1/√(σ² + α² σ_d²) | ln(r)/4 |
 *
 * Karras et al. 2022 (arXiv 2206.00364) table 1, written for y = x/α.
 *
 * @throws UsageError for an unknown name, a scale that is not positive, or a prediction that the scheme does not make
 */
export function preconditioning(options: PreconditioningOptions): Preconditioning {
  const { name, sde, predicts, dataStandardDeviation, level = "auto" } = options;
  requireName("preconditioning", name, PRECONDITIONINGS);
  requireName("predicts", predicts, PREDICTIONS);
  requireName("level", level, LEVELS);
  if (!(dataStandardDeviation > 0 && Number.isFinite(dataStandardDeviation))) {
    throw new UsageError(
      `dataStandardDeviation: must be a positive number, but got ${numberText(dataStandardDeviation)} - leave it out to have it measured`,
    );
  }
  if (name !== "none" && predicts !== "data") {
    throw new UsageError(
      `predicts: preconditioning '${name}' defines the data prediction, but got '${predicts}' - use preconditioning 'none'`,
    );
  }
  const noise = noiseLevel(name, level, sde);
  const [first, last] = [noise(sde.tMin), noise(sde.tMax)];
  const base = factors(name, dataStandardDeviation);
  return {
    name,
    predicts,
    dataStandardDeviation,
    levelOf: level,
    at(t) {
      const { skip, out, in: scale } = base(sde.alpha(t), sde.sigma(t));
      return { skip, out, in: scale, level: (2 * (noise(t) - first)) / (last - first) - 1 };
    },
  };
}

/** The linear map prediction = skip · x + out · F at time t for any wanted prediction. */
export function predictionMap(
  { predicts, at }: Preconditioning,
  wanted: Prediction,
  sde: Schedule,
  t: number,
): Coefficients {
  const own = at(t);
  const map = conversion(predicts, wanted, sde, t);
  return { ...own, skip: map.state + map.prediction * own.skip, out: map.prediction * own.out };
}

function noiseLevel(name: PreconditioningName, level: LevelName, sde: Schedule): (t: number) => number {
  if (level === "log-snr") return (t) => sde.logSnr(t);
  if (level === "t" || name === "none") return (t) => t;
  if (name === "vp") return (t) => 999 * t;
  if (name === "ve") return (t) => -sde.logSnr(t) - log(2);
  return (t) => -sde.logSnr(t) / 4;
}

function factors(
  name: PreconditioningName,
  scale: number,
): (alpha: number, sigma: number) => Omit<Coefficients, "level"> {
  switch (name) {
    case "none":
      return () => ({ skip: 0, out: 1, in: 1 });
    case "vp":
      return (alpha, sigma) => ({
        skip: 1 / alpha,
        out: -sigma / alpha,
        in: 1 / Math.sqrt(alpha * alpha + sigma * sigma),
      });
    case "ve":
      return (alpha, sigma) => ({ skip: 1 / alpha, out: sigma / alpha, in: 1 / alpha });
    case "edm":
      return (alpha, sigma) => {
        const variance = sigma * sigma + alpha * alpha * scale * scale;
        const deviation = Math.sqrt(variance);
        return { skip: (alpha * scale * scale) / variance, out: (sigma * scale) / deviation, in: 1 / deviation };
      };
  }
}

function requireName<T extends string>(what: string, name: T, names: readonly T[]): void {
  if (!names.includes(name)) throw new UsageError(`${what}: unknown name '${name}'.${suggestion(String(name), names)}`);
}
