import { UsageError } from "../../../solvers/errors.js";
import { numberText } from "../../../solvers/number-text.js";
import type { Status } from "../../../solvers/types.js";
import type { Sde } from "../../sdes/types.js";
import type { Target } from "../../targets/types.js";
import { forwardClock } from "./clock.js";
import { statusMessage, timesOfReadings } from "./density-solution.js";
import { type EvolveOptions, evolveWith } from "./evolve.js";
import { checkOptions, type FokkerPlanckOptions, keepsSteps, outputTimes } from "./fokker-planck-options.js";
import { GeneratorSource } from "./generator-source.js";
import { makeStep } from "./make-step.js";
import type { Mesh } from "./mesh.js";
import { marginalMasses, settledPlaneMasses } from "./plane-law.js";
import { planeMeshes } from "./plane-mesh.js";
import { ProductStep } from "./product-step.js";
import { PLANE_COARSENING, spaceError } from "./space-error.js";

/** Options of `fokkerPlanck2d`. */
export interface PlaneOptions extends Omit<FokkerPlanckOptions, "domain" | "edges" | "cells" | "times"> {
  /** A linear SDE. */
  readonly sde: Sde;
  /** A 2-D target: the data law, carried to `from` exactly. */
  readonly initial: Target;
  readonly from?: number;
  readonly to?: number;
  /** Kept times beside `from`; default the end alone. */
  readonly times?: ArrayLike<number> | "steps";
  /** Cells along x and y; by default as many as `resolution` asks for, at most `mostCells` each. */
  readonly cells?: readonly [number, number] | "auto";
  /** Default 400. */
  readonly mostCells?: number;
  /** Intervals of x and y. */
  readonly domain?: readonly [readonly [number, number], readonly [number, number]];
}

/** A density on a product grid through time. */
export interface PlaneSolution {
  readonly x: Mesh;
  readonly y: Mesh;
  readonly times: Float64Array;
  /** Cell averages of p; cell (i, j) at i · (cells of y) + j. */
  readonly densities: Float64Array[];
  readonly mass: Float64Array;
  readonly minimum: number;
  /** Mass of the initial law outside the grid. */
  readonly lostMass: number;
  /** Largest mass seen in the outermost cells: low x, high x, low y, high y. */
  readonly wallMass: readonly number[];
  readonly status: Status | "mass-at-wall";
  readonly message: string;
  readonly steps: number;
  readonly rejected: number;
  readonly limited: number;
  readonly timeError: number | null;
  /** Estimate of the L1 error of the cells from runs on cells twice and four times as wide; null unless asked for, or where they fail. */
  readonly spaceError: number | null;
  /** Order in the cell width that those runs show. */
  readonly spaceOrder: number | null;
}

/**
 * Solves the forward equation of a linear SDE from a 2-D target on a product grid, dimension by dimension.
 *
 * Drift and noise act on each coordinate alone, so the split operators commute: the error is that of the 1-D schemes, order 2 in the
 * widths. Initial cell averages by Gauss–Legendre quadrature. Defaults: resolution 0.1, tolerance 1e-5, massTolerance 1e-6.
 *
 * @throws UsageError for SDEs that are not linear, targets that are not 2-D, the exponential scheme, and as `fokkerPlanck`.
 */
export async function fokkerPlanck2d({
  sde,
  initial,
  from = sde.tMin,
  to = sde.tMax,
  times,
  cells = "auto",
  mostCells = 400,
  domain,
  estimateSpaceError = false,
  ...rest
}: PlaneOptions): Promise<PlaneSolution> {
  const checked = checkOptions({ resolution: 0.1, tolerance: 1e-5, massTolerance: 1e-6, ...rest });
  checkPlane(sde, initial, from, to, checked.scheme);
  if (!(Number.isInteger(mostCells) && mostCells >= 8)) {
    throw new UsageError(`mostCells: must be an integer of at least 8, but got ${mostCells} - leave it out for 400`);
  }
  const outputs = times === undefined ? Float64Array.of(from, to) : outputTimes(times, from, to);
  const end = outputs[outputs.length - 1]!;
  const clock = forwardClock(sde, from, end, "auto");
  const readings = outputs.map((t) => clock.reading(t));
  const law = initial.perturbed(sde.alpha(from), sde.sigma(from));
  const [x, y] = planeMeshes(initial, law, { sde, from, to: end, cells, mostCells, domain, checked });
  const masses = settledPlaneMasses(law, x, y, checked.massTolerance);
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  if (!(Math.abs(1 - total) <= checked.massTolerance)) {
    throw new UsageError(
      `domain: must lose at most massTolerance = ${numberText(checked.massTolerance)} of the mass, but [${x.edges[0]}, ${x.edges[x.widths.length]}] × [${y.edges[0]}, ${y.edges[y.widths.length]}] loses ${numberText(1 - total, 3)} - leave domain out to have it found`,
    );
  }
  const adaptive = checked.steps === "adaptive";
  const run = ([alongX, alongY]: readonly [Mesh, Mesh], start: Float64Array, how: Partial<EvolveOptions>) => {
    const [nx, ny] = [alongX.widths.length, alongY.widths.length];
    const line = (mesh: Mesh) => makeStep(checked.scheme, new GeneratorSource(mesh, clock.field), adaptive);
    const step = new ProductStep(line(alongX), line(alongY), nx, ny, adaptive);
    const options = { ...checked, keepSteps: false, signal: rest.signal, ...how };
    return evolveWith(step, start, readings, options, (now) => {
      const [sumsX, sumsY] = [marginalMasses(now, nx, ny, 0), marginalMasses(now, nx, ny, 1)];
      return [sumsX[0]!, sumsX[nx - 1]!, sumsY[0]!, sumsY[ny - 1]!];
    });
  };
  const evolution = await run([x, y], masses, {
    keepSteps: times !== undefined && keepsSteps(times),
    onStep: rest.onStep,
  });
  const space = estimateSpaceError ? await spaceError({ ...PLANE_COARSENING, run }, [x, y], evolution, readings) : null;
  const ny = y.widths.length;
  const densities = evolution.masses.map((now) =>
    now.map((mass, k) => mass / (x.widths[Math.floor(k / ny)]! * y.widths[k % ny]!)),
  );
  const atWall = Math.max(...evolution.wallMass);
  const isAtWall = evolution.status === "success" && atWall > 10 * checked.massTolerance;
  return {
    x,
    y,
    times: timesOfReadings(evolution.readings, { times: outputs, readings }, clock),
    densities,
    mass: Float64Array.from(evolution.masses, (now) => now.reduce((sum, mass) => sum + mass, 0)),
    minimum: densities.reduce(
      (least, density) => density.reduce((a, b) => Math.min(a, b), least),
      Number.POSITIVE_INFINITY,
    ),
    lostMass: 1 - total,
    wallMass: evolution.wallMass,
    status: isAtWall ? "mass-at-wall" : evolution.status,
    message: isAtWall
      ? `mass ${numberText(atWall, 2)} stood in the outermost cells - widen the domain or leave it out`
      : statusMessage(evolution.status, evolution.steps),
    steps: evolution.steps,
    rejected: evolution.rejected,
    limited: evolution.limited,
    timeError: evolution.timeError,
    spaceError: space?.error ?? null,
    spaceOrder: space?.order ?? null,
  };
}

function checkPlane(sde: Sde, initial: Target, from: number, to: number, scheme: string): void {
  if (initial.dimension !== 2) {
    const wayOut =
      initial.dimension === 1 ? "use fokkerPlanck" : "grids end at dimension 2: sample, or project to a plane";
    throw new UsageError(`initial: the target must have dimension 2, but got ${initial.dimension} - ${wayOut}`);
  }
  if (!sde.linear) {
    throw new UsageError(
      `sde: must be linear in two dimensions, but '${sde.name}' is not - nonlinear drifts are solved in one dimension`,
    );
  }
  if (!(from < to && Number.isFinite(to))) {
    throw new UsageError(
      `from: must be below to, but got from = ${numberText(from)} and to = ${numberText(to)} - exchange them`,
    );
  }
  if (scheme === "exponential") {
    throw new UsageError("scheme: must be a stepwise one in two dimensions, but got 'exponential' - use 'tr-bdf2'");
  }
}
