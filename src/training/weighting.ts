import { conversion } from "../../solvers/conversion.js";
import { suggestion, UsageError } from "../../solvers/errors.js";
import { parseSpec } from "../../solvers/spec.js";
import type { Prediction } from "../../solvers/types.js";
import type { Sde } from "../sdes/types.js";
import type { Preconditioning } from "./preconditioning.js";

/** A weight λ(t) on the squared error of one of the four equivalent predictions; `own` is the one that the model makes. */
export interface Weighting {
  readonly name: string;
  readonly on: Prediction | "own";
  /** λ(t) ≥ 0. */
  weight(t: number): number;
}

/** A weighting by spec, or λ(t) on the squared error of the score, or a weighting of a user's own. */
export type WeightingChoice = string | ((t: number) => number) | Weighting;

/** Options of the named weightings, with their defaults. */
export const WEIGHTINGS: Readonly<
  Record<string, { readonly summary: string; readonly options: Readonly<Record<string, number>> }>
> = {
  simple: { summary: "1 on the model's own prediction (Ho et al. 2020, eq. 14)", options: {} },
  "sigma-squared": { summary: "σ² on the score (Song & Ermon 2019)", options: {} },
  likelihood: { summary: "g² on the score (Song et al. 2021, arXiv 2101.09258, eq. 7)", options: {} },
  elbo: {
    summary: "β²/(2 β α (1 − ᾱ)) on the noise per unit of time (Ho et al. 2020, eq. 12); g²/(2σ²) when steps = 0",
    options: { steps: 0 },
  },
  edm: { summary: "(r² + σ_d²)/(r σ_d)² on the data, r = σ/α (Karras et al. 2022, table 1)", options: {} },
  "min-snr": { summary: "min(α²/σ², gamma) on the data (Hang et al. 2023, arXiv 2303.09556)", options: { gamma: 5 } },
};

/**
 * The weighting that is meant.
 *
 * @throws UsageError for an unknown name or option, or an option out of range
 */
export function resolveWeighting(
  choice: WeightingChoice,
  sde: Sde,
  { dataStandardDeviation }: Preconditioning,
): Weighting {
  if (typeof choice === "function") return { name: "user", on: "score", weight: choice };
  if (typeof choice !== "string") return choice;
  const { name, options } = parseSpec(choice);
  const entry = WEIGHTINGS[name];
  if (entry === undefined) {
    throw new UsageError(`weighting: unknown name '${name}'.${suggestion(name, Object.keys(WEIGHTINGS))}`);
  }
  const option = (key: string): number => readOption(name, key, options[key] ?? entry.options[key]);
  for (const key of Object.keys(options)) {
    if (!Object.hasOwn(entry.options, key)) {
      throw new UsageError(`weighting ${name}: unknown option '${key}'.${suggestion(key, Object.keys(entry.options))}`);
    }
  }
  switch (name) {
    case "simple":
      return { name: choice, on: "own", weight: () => 1 };
    case "sigma-squared":
      return { name: choice, on: "score", weight: (t) => sde.sigma(t) * sde.sigma(t) };
    case "likelihood":
      return { name: choice, on: "score", weight: (t) => sde.diffusion(t) * sde.diffusion(t) };
    case "elbo":
      return { name: choice, on: "noise", weight: elbo(sde, option("steps")) };
    case "edm":
      return {
        name: choice,
        on: "data",
        weight(t) {
          const r = sde.sigma(t) / sde.alpha(t);
          const product = r * dataStandardDeviation;
          return (r * r + dataStandardDeviation * dataStandardDeviation) / (product * product);
        },
      };
    default: {
      const gamma = option("gamma");
      return {
        name: choice,
        on: "data",
        weight(t) {
          const ratio = sde.alpha(t) / sde.sigma(t);
          return Math.min(ratio * ratio, gamma);
        },
      };
    }
  }
}

/** The weight on ‖ε̂ − ε‖² that equals the weighting at time t. */
export function noiseWeight({ on, weight }: Weighting, own: Prediction, sde: Sde, t: number): number {
  const factor = conversion("noise", on === "own" ? own : on, sde, t).prediction;
  return weight(t) * factor * factor;
}

/** The weight on ‖F − F*‖², where F* is what the raw network should give, that equals the weighting; F changes the noise by `slope` per unit. */
export function networkWeight(weighting: Weighting, own: Prediction, sde: Sde, t: number, slope: number): number {
  return noiseWeight(weighting, own, sde, t) * slope * slope;
}

/** Weight on the noise of a discrete variational bound of `steps` equal steps, divided by the step; its limit for steps → ∞ when 0. */
function elbo(sde: Sde, steps: number): (t: number) => number {
  if (steps === 0) {
    return (t) => {
      const ratio = sde.diffusion(t) / sde.sigma(t);
      return 0.5 * ratio * ratio;
    };
  }
  const step = (sde.tMax - sde.tMin) / steps;
  return (t) => {
    const from = Math.max(sde.tMin, t - step);
    if (from === t) return 0;
    const { scale, variance } = sde.transition(from, t);
    const sigma = sde.sigma(t);
    return variance / (2 * scale * scale * sigma * sigma * step);
  };
}

function readOption(name: string, key: string, value: unknown): number {
  const least = key === "steps" ? 0 : Number.MIN_VALUE;
  if (typeof value === "number" && Number.isFinite(value) && value >= least) return value;
  throw new UsageError(
    `weighting ${name}: ${key} must be a number ${key === "steps" ? "≥ 0" : "> 0"}, but got ${JSON.stringify(value)}`,
  );
}
