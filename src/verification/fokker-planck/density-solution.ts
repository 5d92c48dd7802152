import { numberText } from "../../../solvers/number-text.js";
import type { Status } from "../../../solvers/types.js";
import type { Clock } from "./clock.js";
import type { Evolution } from "./evolve.js";
import type { Mesh } from "./mesh.js";
import { roughness, UNRESOLVED } from "./roughness.js";
import type { SpaceEstimate } from "./space-error.js";

/** How a Fokker–Planck run ended; the last two keep the whole solution but say not to trust it. */
export type FokkerPlanckStatus = Status | "mass-at-wall" | "unresolved";

/** A density on a grid through time. */
export interface DensitySolution {
  /** M cells: M + 1 edges, M centres and widths. */
  readonly grid: Mesh;
  /** The kept times, in the order of the run. */
  readonly times: Float64Array;
  /** Cell averages of p at each kept time. */
  readonly densities: Float64Array[];
  /** Σ density · width at each kept time; constant to rounding. */
  readonly mass: Float64Array;
  /** Smallest density at any kept time; never negative. */
  readonly minimum: number;
  /** Mass of the initial law outside the domain. */
  readonly lostMass: number;
  /** Largest mass ever seen in the first and in the last cell, about what a wider domain would hold beyond them. */
  readonly wallMass: readonly number[];
  /** Σ width² |p″| at each kept time: how coarse the grid is for the density (see `roughness`). */
  readonly roughness: Float64Array;
  readonly status: FokkerPlanckStatus;
  /** What the status means and what to do; empty for 'success'. */
  readonly message: string;
  readonly steps: number;
  readonly rejected: number;
  /** Steps that took a share of implicit Euler to stay positive, and the L1 change that made in all. */
  readonly limited: number;
  readonly limiterError: number;
  /** Bound on the L1 error of the time stepping (sum of estimated local errors); null for fixed steps, 0 for the exponential. */
  readonly timeError: number | null;
  /** The same up to each kept time. */
  readonly timeErrors: Float64Array | null;
  /** Estimate of the L1 error of the cells (see `spaceError`), the largest over the times asked for; null unless asked for. */
  readonly spaceError: number | null;
  /** The same up to each kept time; between two times asked for, that of the later. */
  readonly spaceErrors: Float64Array | null;
}

/** Turns what `evolve` found into the public result. */
export function densitySolution(
  mesh: Mesh,
  evolution: Evolution,
  times: Float64Array,
  {
    lostMass,
    massTolerance,
    space,
  }: {
    readonly lostMass: number;
    readonly massTolerance: number;
    readonly space: SpaceEstimate | null;
  },
): DensitySolution {
  const densities: Float64Array[] = [];
  const mass = new Float64Array(times.length);
  const rough = new Float64Array(times.length);
  let minimum = Number.POSITIVE_INFINITY;
  let roughest = 0;
  evolution.masses.forEach((masses, k) => {
    const density = new Float64Array(masses.length);
    let sum = 0;
    for (let i = 0; i < masses.length; i++) {
      density[i] = masses[i]! / mesh.widths[i]!;
      sum += masses[i]!;
      minimum = Math.min(minimum, density[i]!);
    }
    mass[k] = sum;
    rough[k] = roughness(mesh, masses);
    roughest = Math.max(roughest, rough[k]!);
    densities.push(density);
  });
  const { status, message } = verdict(mesh, evolution, roughest, massTolerance);
  return {
    grid: mesh,
    times,
    densities,
    mass,
    minimum,
    lostMass,
    wallMass: evolution.wallMass,
    roughness: rough,
    status,
    message,
    steps: evolution.steps,
    rejected: evolution.rejected,
    limited: evolution.limited,
    limiterError: evolution.limiterError,
    timeError: evolution.timeError,
    timeErrors: evolution.timeErrors === null ? null : Float64Array.from(evolution.timeErrors),
    spaceError: space?.error ?? null,
    spaceErrors: space === null ? null : atReadings(space, evolution.readings),
  };
}

/** Errors at every kept reading: those of the first output not before it. */
function atReadings({ errors, outputs }: SpaceEstimate, readings: readonly number[]): Float64Array {
  let k = 0;
  return Float64Array.from(readings, (reading) => errors[reading === outputs[k] ? k++ : k]!);
}

function verdict(
  mesh: Mesh,
  { status, steps, wallMass }: Evolution,
  roughest: number,
  massTolerance: number,
): { status: FokkerPlanckStatus; message: string } {
  const cells = mesh.widths.length;
  if (status !== "success") return { status, message: statusMessage(status, steps) };
  const low = mesh.edges[0]!;
  const high = mesh.edges[cells]!;
  const [left = 0, right = 0] = wallMass;
  const atWall = left + right;
  if (atWall > 10 * massTolerance) {
    const grown = 0.25 * (high - low);
    const wider = [left > right * 1e-3 ? low - grown : low, right > left * 1e-3 ? high + grown : high];
    return {
      status: "mass-at-wall",
      message: `mass ${numberText(atWall, 2)} stood in the outermost cells of [${numberText(low, 5)}, ${numberText(high, 5)}], above 10 × massTolerance = ${numberText(10 * massTolerance, 2)} - try the domain [${wider.map((x) => numberText(x, 5)).join(", ")}] or leave it out`,
    };
  }
  if (roughest > UNRESOLVED) {
    return {
      status: "unresolved",
      message: `the density became narrower than the cells (roughness ${numberText(roughest, 3)}, at most ${UNRESOLVED}) - use about ${Math.ceil(cells * Math.sqrt(roughest / 0.01))} cells, or cells 'auto'`,
    };
  }
  return { status: "success", message: "" };
}

/** What a status means and what to do; empty for 'success'. */
export function statusMessage(status: Status, steps: number): string {
  return status === "success" ? "" : MESSAGES[status](steps);
}

const MESSAGES: Readonly<Record<Exclude<Status, "success">, (steps: number) => string>> = {
  "max-steps": (steps) => `stopped after ${steps} steps - raise maxSteps or tolerance`,
  "max-evaluations": (steps) => `stopped after ${steps} steps by the limit on evaluations`,
  "non-finite": (steps) => `the drift, the diffusion or the score was not finite after ${steps} steps`,
  "step-underflow": (steps) => `the step became too small to move time after ${steps} steps - raise tolerance`,
  aborted: (steps) => `aborted after ${steps} steps`,
};

/** The times of clock readings: outputs are given back as they were asked for, steps between them by bisection. */
export function timesOfReadings(
  readings: readonly number[],
  outputs: { readonly times: Float64Array; readonly readings: Float64Array },
  clock: Clock,
): Float64Array {
  const asked = new Map<number, number>();
  for (let k = 0; k < outputs.readings.length; k++) asked.set(outputs.readings[k]!, outputs.times[k]!);
  const first = outputs.times[0]!;
  const last = outputs.times[outputs.times.length - 1]!;
  return Float64Array.from(readings, (reading) => asked.get(reading) ?? timeAt(clock, reading, first, last));
}

function timeAt(clock: Clock, reading: number, first: number, last: number): number {
  if (clock.name === "t") return reading;
  let low = first;
  let high = last;
  for (let round = 0; round < 60; round++) {
    const middle = 0.5 * (low + high);
    if (clock.reading(middle) < reading) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}
