import { UsageError } from "../../../solvers/errors.js";
import { numberText } from "../../../solvers/number-text.js";
import { checkScheme, type TimeScheme } from "./make-step.js";
import { type Mesh, meshFromEdges } from "./mesh.js";

/** Options that the forward and the reverse equation share. */
export interface FokkerPlanckOptions {
  /**
   * Times at which the density is kept, in the direction of the run; 'steps' (the default) keeps every step. The first time is always
   * kept besides; the last of them ends the run.
   */
  readonly times?: ArrayLike<number> | "steps";
  /** Number of cells; 'auto' (the default) takes as many as `resolution` asks for. */
  readonly cells?: number | "auto";
  /** Interval of the grid; by default one that holds all but `massTolerance`/1000 of the mass at all times. */
  readonly domain?: readonly [number, number];
  /** Increasing edges of the cells, instead of `cells`, `domain` and `mesh`. */
  readonly edges?: Float64Array;
  /** 'auto' is uniform where domain and cells are given, else unless grading saves two thirds of the cells. */
  readonly mesh?: "auto" | "uniform" | "graded";
  /** Time scheme, default 'tr-bdf2'; 'exponential' has no error in time, for VP, VE, EDM and other separable forward equations. */
  readonly scheme?: TimeScheme;
  /** Number of equal steps over the range, or 'adaptive' (the default). */
  readonly steps?: number | "adaptive";
  /** L1 error of one adaptive step, default 1e-7. */
  readonly tolerance?: number;
  /** Roughness Σ width² |p″| that automatic cells aim at, default 0.01: ten cells to the standard deviation of a Gaussian. */
  readonly resolution?: number;
  /** Mass that a domain may lose, default 1e-9. */
  readonly massTolerance?: number;
  /**
   * Run again on cells merged once and twice to estimate the L1 error in space, up to three times the work, and halve automatic cells,
   * three times at most, while the estimate is above `resolution`; default false.
   */
  readonly estimateSpaceError?: boolean;
  /** Default 200 000. */
  readonly maxSteps?: number;
  readonly signal?: AbortSignal;
  /** Called after every accepted step, with the share of the time range that is done. */
  readonly onStep?: (progress: { readonly step: number; readonly fraction: number }) => void;
}

/** The options with their defaults, checked. */
export interface CheckedOptions {
  readonly cells: number | undefined;
  readonly domain: readonly [number, number] | undefined;
  readonly given: Mesh | undefined;
  readonly mesh: "auto" | "uniform" | "graded";
  readonly scheme: TimeScheme;
  readonly steps: number | "adaptive";
  readonly tolerance: number;
  readonly resolution: number;
  readonly massTolerance: number;
  readonly maxSteps: number;
}

/** Fills in and checks the shared options. */
export function checkOptions({
  cells = "auto",
  domain,
  edges,
  mesh = "auto",
  scheme = "tr-bdf2",
  steps = "adaptive",
  tolerance = 1e-7,
  resolution = 0.01,
  massTolerance = 1e-9,
  maxSteps = 200_000,
}: FokkerPlanckOptions): CheckedOptions {
  checkScheme(scheme);
  if (cells !== "auto" && !(Number.isInteger(cells) && cells >= 4)) {
    throw new UsageError(`cells: must be an integer of at least 4 or 'auto', but got ${cells} - try 'auto'`);
  }
  if (domain !== undefined && !(domain[0] < domain[1] && Number.isFinite(domain[1] - domain[0]))) {
    throw new UsageError(
      `domain: needs finite low < high, but got [${domain.join(", ")}] - leave it out to have it found`,
    );
  }
  if (steps !== "adaptive" && !(Number.isInteger(steps) && steps >= 1)) {
    throw new UsageError(`steps: must be an integer of at least 1 or 'adaptive', but got ${steps} - try 'adaptive'`);
  }
  for (const [name, value] of Object.entries({ tolerance, resolution, massTolerance, maxSteps })) {
    if (!(value > 0)) throw new UsageError(`${name}: must be above 0, but got ${value} - leave it out for the default`);
  }
  if (!["auto", "uniform", "graded"].includes(mesh)) {
    throw new UsageError(`mesh: must be 'auto', 'uniform' or 'graded', but got '${mesh}' - leave it out`);
  }
  if (edges !== undefined && (domain !== undefined || cells !== "auto")) {
    throw new UsageError("edges: fix domain and cells, but got those as well - give one or the other");
  }
  return {
    cells: cells === "auto" ? undefined : cells,
    domain,
    given: edges === undefined ? undefined : meshFromEdges(edges),
    mesh: mesh === "auto" && domain !== undefined && cells !== "auto" ? "uniform" : mesh,
    scheme,
    steps,
    tolerance,
    resolution,
    massTolerance,
    maxSteps,
  };
}

/** Whether every step is kept. */
export function keepsSteps(times: FokkerPlanckOptions["times"]): boolean {
  return times === undefined || times === "steps";
}

/** The kept times with `start` in front: strictly monotone from start to end. */
export function outputTimes(times: ArrayLike<number> | "steps" | undefined, start: number, end: number): Float64Array {
  if (times === undefined || typeof times === "string") return Float64Array.of(start, end);
  const inner = Array.from(times);
  if (inner[0] === start) inner.shift();
  const all = Float64Array.of(start, ...inner);
  const direction = end > start ? 1 : -1;
  for (let k = 1; k < all.length; k++) {
    const isAhead = direction * (all[k]! - all[k - 1]!) > 0 && direction * (end - all[k]!) >= 0;
    if (!isAhead) {
      throw new UsageError(
        `times: must ${direction > 0 ? "increase" : "decrease"} from ${numberText(start)} to at most ${numberText(end)}, but got ${numberText(all[k]!)} after ${numberText(all[k - 1]!)} - sort them and widen [from, to]`,
      );
    }
  }
  if (all.length < 2) throw new UsageError("times: at least one beside the start, but got none - leave them out");
  return all;
}
