import { UsageError } from "../errors.js";
import { atan, cos, exp, log, pow, sin } from "../math/elementary.js";
import { numberText } from "../number-text.js";
import { numberOption, type OptionSet, type OptionValues, resolveOptions } from "../options.js";
import { requireWhole } from "../require-whole.js";
import type { Grid, Schedule } from "../types.js";

/** Plans of more steps do not fit into memory. */
const MOST_STEPS = 10_000_000;

/** A named way to place times between tMax and tMin. */
export interface GridFactory {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  readonly optionSet: OptionSet;
  /** `steps` intervals from `schedule.tMax` down to `schedule.tMin`. */
  create(schedule: Schedule, steps: number, options?: Readonly<Record<string, unknown>>): Grid;
}

/** A grid that is uniform in some variable: `to(t)` and its inverse. */
interface Warp {
  to(t: number): number;
  from(value: number): number;
}

function warpedGrid<const O extends OptionSet>(definition: {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  readonly options: O;
  warp(schedule: Schedule, options: OptionValues<O>): Warp;
}): GridFactory {
  const { name, summary, source, options: optionSet } = definition;
  return {
    name,
    summary,
    source,
    optionSet,
    create(schedule, steps, given = {}) {
      requireWhole("steps", steps, 1, MOST_STEPS);
      const warp = definition.warp(schedule, resolveOptions(`grid ${name}`, optionSet, given));
      const first = warp.to(schedule.tMax);
      const last = warp.to(schedule.tMin);
      const times = new Float64Array(steps + 1);
      // Ends are given exactly: rounded, their λ could lie outside the schedule's range.
      times[0] = schedule.tMax;
      for (let i = 1; i < steps; i++) times[i] = warp.from(first + ((last - first) * i) / steps);
      times[steps] = schedule.tMin;
      return {
        name,
        times: checkDecreasing(times, `grid ${name} of ${steps} steps`),
        withSteps: (other) => this.create(schedule, other, given),
      };
    },
  };
}

const rho = (schedule: Schedule, t: number) => schedule.sigma(t) / schedule.alpha(t);
const timeAtRho = (schedule: Schedule, value: number) => schedule.timeAtLogSnr(-log(value));

/** Uniform in t. */
export const uniformGrid = warpedGrid({
  name: "uniform",
  summary: "uniform in t",
  source: "Song et al. 2021 (arXiv 2011.13456) appendix C",
  options: {},
  warp: () => ({ to: (t) => t, from: (value) => value }),
});

/** Uniform in √t. */
export const quadraticGrid = warpedGrid({
  name: "quadratic",
  summary: "uniform in √t",
  source: "Song, Meng & Ermon 2021 (arXiv 2010.02502) appendix D.2",
  options: {},
  warp: () => ({ to: (t) => Math.sqrt(t), from: (value) => value * value }),
});

/** Uniform in λ = ln(α/σ). */
export const logSnrGrid = warpedGrid({
  name: "log-snr",
  summary: "uniform in λ = ln(α/σ)",
  source: "Lu et al. 2022 (arXiv 2206.00927)",
  options: {},
  warp: (schedule) => ({ to: (t) => schedule.logSnr(t), from: (value) => schedule.timeAtLogSnr(value) }),
});

/** Uniform in (σ/α)^(1/ρ). */
export const karrasGrid = warpedGrid({
  name: "karras",
  summary: "uniform in (σ/α)^(1/rho)",
  source: "Karras et al. 2022 (arXiv 2206.00364) eq. 5",
  options: { rho: numberOption(7, "exponent: 1 is uniform in σ/α, larger puts more steps at low noise", { above: 0 }) },
  warp: (schedule, { rho: exponent }) => ({
    to: (t) => pow(rho(schedule, t), 1 / exponent),
    from: (value) => timeAtRho(schedule, pow(value, exponent)),
  }),
});

/** Geometric in t. */
export const exponentialGrid = warpedGrid({
  name: "exponential",
  summary: "geometric in t (for EDM this is log-uniform in σ)",
  source: "Crowson, k-diffusion, get_sigmas_exponential",
  options: {},
  warp: (schedule) => ({
    to: (t) => log(t / schedule.tMin),
    from: (value) => schedule.tMin * exp(value),
  }),
});

/** Uniform in the angle arctan(σ/α). */
export const cosineGrid = warpedGrid({
  name: "cosine",
  summary: "uniform in the angle arctan(σ/α): the uniform grid of the cosine schedule",
  source: "Nichol & Dhariwal 2021 (arXiv 2102.09672) eq. 17; Salimans & Ho 2022 (2202.00512)",
  options: {},
  warp: (schedule) => ({
    to: (t) => atan(rho(schedule, t)),
    from: (angle) => timeAtRho(schedule, sin(angle) / cos(angle)),
  }),
});

/** A grid of the caller's own times. @throws UsageError unless they decrease strictly and lie in the schedule's range */
export function explicitGrid(schedule: Schedule, times: ArrayLike<number>): Grid {
  const copy = Float64Array.from(times);
  if (copy.length < 2) throw new UsageError(`times: at least two are needed, but got ${copy.length}`);
  const slack = 1e-12 * schedule.tMax;
  for (const [index, t] of copy.entries()) {
    if (!(t >= schedule.tMin - slack && t <= schedule.tMax + slack)) {
      throw new UsageError(
        `times: must lie in [${numberText(schedule.tMin)}, ${numberText(schedule.tMax)}] of ${schedule.name}, but times[${index}] = ${numberText(t)}`,
      );
    }
  }
  return { name: "explicit", times: checkDecreasing(copy, "times") };
}

function checkDecreasing(times: Float64Array, what: string): Float64Array {
  for (let i = 0; i + 1 < times.length; i++) {
    if (!(times[i]! > times[i + 1]!)) {
      throw new UsageError(
        `${what}: times must decrease strictly, but times[${i}] = ${numberText(times[i]!)} and times[${i + 1}] = ${numberText(times[i + 1]!)}`,
      );
    }
  }
  return times;
}
