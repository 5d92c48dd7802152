import { UsageError } from "../../solvers/errors.js";
import { numberText } from "../../solvers/number-text.js";
import type { Sde } from "./types.js";

/** The times at which the formulas of an SDE hold: from ≤ t < before, or from ≤ t ≤ before when `closed`. */
export interface TimeDomain {
  readonly from: number;
  readonly before: number;
  readonly closed?: boolean;
}

/** What an SDE with linear drift must bring: all of `Sde` but what follows from the rest. */
export interface LinearSdeParts extends Omit<Sde, "linear" | "prior" | "drift" | "breakpoints"> {
  readonly breakpoints?: readonly number[];
  readonly domain: TimeDomain;
}

/** Completes an SDE with linear drift: adds `drift` and refuses every t outside the domain by a `UsageError`. */
export function linearSde(parts: LinearSdeParts): Sde {
  const { name, domain } = parts;
  const { from: first, before: last, closed = false } = domain;
  const range = `[${numberText(first)}, ${numberText(last)}${closed ? "]" : ")"}`;
  const inside = (t: number) => t >= first && (closed ? t <= last : t < last) && Number.isFinite(t);
  const check = (t: number) => {
    if (inside(t)) return;
    throw new UsageError(
      `${name}: t must be in ${range}, where α and σ are defined, but got ${numberText(t)} - sampling uses [tMin, tMax] = [${numberText(parts.tMin)}, ${numberText(parts.tMax)}].`,
    );
  };
  // One closure for each, that the compiler can inline: they are called for every row of every evaluation.
  const { marginals } = parts;
  const driftCoefficient = (t: number): number => {
    check(t);
    return parts.driftCoefficient(t);
  };
  return {
    name,
    options: Object.freeze({ ...parts.options }),
    linear: true,
    tMin: parts.tMin,
    tMax: parts.tMax,
    variancePreserving: parts.variancePreserving,
    priorStandardDeviation: parts.priorStandardDeviation,
    prior: Object.freeze({ mean: 0, standardDeviation: parts.priorStandardDeviation }),
    breakpoints: parts.breakpoints ?? [],
    ...(parts.customaryGrid === undefined ? {} : { customaryGrid: parts.customaryGrid }),
    alpha(t) {
      check(t);
      return parts.alpha(t);
    },
    sigma(t) {
      check(t);
      return parts.sigma(t);
    },
    ...(marginals === undefined
      ? {}
      : {
          marginals(times, count, alphas, sigmas) {
            for (let i = 0; i < count; i++) check(times[i]!);
            marginals(times, count, alphas, sigmas);
          },
        }),
    logSnr(t) {
      check(t);
      return parts.logSnr(t);
    },
    driftCoefficient,
    diffusion(t) {
      check(t);
      return parts.diffusion(t);
    },
    timeAtLogSnr(lambda) {
      const t = Number.isNaN(lambda) ? Number.NaN : parts.timeAtLogSnr(lambda);
      if (inside(t)) return t;
      throw new UsageError(
        `${name}: λ must be reached for some t in ${range}, but got ${numberText(lambda)} - λ runs from ${numberText(parts.logSnr(parts.tMax), 6)} at tMax to ${numberText(parts.logSnr(parts.tMin), 6)} at tMin.`,
      );
    },
    transition(from, to) {
      check(from);
      check(to);
      if (from > to) {
        throw new UsageError(
          `${name}: transition(from, to) needs from ≤ to, but got from = ${numberText(from)} and to = ${numberText(to)} - exchange them.`,
        );
      }
      return parts.transition(from, to);
    },
    drift(x, t, out = new Float64Array(x.length)) {
      if (out.length !== x.length) {
        throw new UsageError(
          `${name}: out must be as long as x (${x.length}), but got ${out.length} - leave it out to have it made.`,
        );
      }
      const factor = driftCoefficient(t);
      for (let i = 0; i < x.length; i++) out[i] = factor * x[i]!;
      return out;
    },
  };
}
