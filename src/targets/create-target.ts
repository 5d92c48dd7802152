import { suggestion, UsageError } from "../../solvers/errors.js";
import { createGaussian } from "./gaussian.js";
import { createMixture } from "./mixture.js";
import { TOYS } from "./toys/toy.js";
import type { Target } from "./types.js";

/** What a list of targets shows. */
export interface TargetEntry {
  readonly name: string;
  /** null where it follows from the options. */
  readonly dimension: number | null;
  readonly summary: string;
  readonly options: readonly TargetOption[];
}

/** An option of a target: its name, meaning, and default where it has one. */
export interface TargetOption {
  readonly name: string;
  readonly summary: string;
  readonly default: unknown;
}

const GAUSSIAN: TargetEntry = {
  name: "gaussian",
  dimension: null,
  summary: "normal law of any dimension and covariance",
  options: [
    { name: "mean", summary: "a number, or one per dimension", default: 0 },
    { name: "standardDeviation", summary: "a number, or one per dimension", default: 1 },
    { name: "covariance", summary: "a matrix, in place of standardDeviation", default: null },
  ],
};

const MIXTURE: TargetEntry = {
  name: "mixture",
  dimension: null,
  summary: "isotropic or diagonal Gaussians in any dimension",
  options: [
    { name: "weights", summary: "one per component, summing to 1", default: null },
    { name: "means", summary: "one row per component", default: null },
    { name: "standardDeviations", summary: "one number or row per component", default: null },
  ],
};

/** Every target that has a name, in the order of a list. */
export function listTargets(): readonly TargetEntry[] {
  const toys = Array.from(TOYS.values(), ({ name, dimension, summary, options }) => ({
    name,
    dimension,
    summary,
    options: Object.entries(options).map(([option, value]) => ({
      name: option,
      summary: value.summary,
      default: value.default,
    })),
  }));
  return [GAUSSIAN, MIXTURE, ...toys];
}

/**
 * A target by name and options, as a command line or configuration file spells them: numbers, lists, or texts such as `1;2;3`.
 *
 * @throws UsageError for an unknown name or option, or a value out of range
 */
export function createTarget(name: string, options: Readonly<Record<string, unknown>> = {}): Target {
  if (name === GAUSSIAN.name) {
    const { mean, covariance, standardDeviation, ...rest } = options;
    refuseUnknown(GAUSSIAN, rest);
    return createGaussian({ mean, covariance, standardDeviation });
  }
  if (name === MIXTURE.name) {
    const { weights, means, standardDeviations, ...rest } = options;
    refuseUnknown(MIXTURE, rest);
    return createMixture({ weights, means, standardDeviations });
  }
  const toy = TOYS.get(name);
  if (toy !== undefined) return toy.create(options);
  if (name === "empirical") {
    throw new UsageError(
      "target: 'empirical' is made from points, not from a name - give a data file or call empirical(points).",
    );
  }
  const names = listTargets().map((entry) => entry.name);
  throw new UsageError(`target: unknown name '${name}'.${suggestion(name, names)}`);
}

function refuseUnknown({ name, options }: TargetEntry, rest: Readonly<Record<string, unknown>>): void {
  const [unknown] = Object.keys(rest);
  if (unknown === undefined) return;
  const names = options.map((option) => option.name);
  throw new UsageError(`${name}: unknown option '${unknown}'.${suggestion(unknown, names)}`);
}
