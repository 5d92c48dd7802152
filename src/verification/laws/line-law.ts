import { UsageError } from "../../../solvers/errors.js";
import { exp } from "../../../solvers/math/elementary.js";
import { numberText } from "../../../solvers/number-text.js";
import { runSolver } from "../../../solvers/run-solver.js";
import { type LawSpace, lawSpace } from "../../../solvers/spaces/law.js";
import { type LawFrame, trimmedFrame, uniformNodes } from "../../../solvers/spaces/law-frame.js";
import type { LawState } from "../../../solvers/spaces/law-state.js";
import type { FixedSolver, Grid, Model, Problem, Schedule } from "../../../solvers/types.js";
import { cumulativeIntegral } from "../../metrics/grid-integrals.js";
import { eventLoopTurns } from "../../sampling/event-loop-turns.js";
import type { CellLaw } from "./cell-law.js";

/** A density on the line that a run starts from: its log-density and an interval that holds its mass but for 1e-16. */
export interface StartLaw {
  logDensity(x: Float64Array, count: number, out: Float64Array): void;
  readonly low: number;
  readonly high: number;
}

/** Largest mass error that is accepted. */
const MASS_TOLERANCE = 1e-8;
const PILOT_NODES = 300;
/** Gauss–Hermite nodes times steps: large steps are rougher in the noise, and there are fewer of them (W2 to about 1e-3 of itself). */
const AXIS_BUDGET = 640;

export interface LineLawOptions {
  readonly schedule: Schedule;
  readonly model: Model;
  readonly solver: FixedSolver;
  readonly grid: Grid;
  readonly start: StartLaw;
  readonly denoise?: boolean;
  readonly denoisingError?: Problem<LawState>["denoisingError"];
}

/**
 * The exact law of a solver's output in one dimension, without a random number.
 *
 * A coarse pilot run finds the kernel widths; the run proper gives every step a frame fine enough for them, and is repeated twice as
 * fine while the mass is off by more than 1e-8.
 *
 * @throws UsageError (NotMarkovError) when the solver has no exact law, or when the mass cannot be held
 */
export async function lineLaw(options: LineLawOptions): Promise<CellLaw> {
  const pilot = await runOnce(options, PILOT_NODES, undefined, 1);
  const { demands } = pilot.space;
  if (demands.length === 0) {
    throw new UsageError(`exact law: ${options.solver.name} takes no random step - use mapLaw`);
  }
  const { low, high } = options.start;
  let error = 0;
  for (const refinement of [1.6, 3.2, 6.4]) {
    const spacing = Math.min((high - low) / 600, demands[0]! / refinement);
    const run = await runOnce(options, Math.ceil((high - low) / spacing) + 1, demands, refinement);
    error = run.space.massError;
    if (error <= MASS_TOLERANCE) return finish(run);
  }
  throw new UsageError(
    `exact law: the mass of ${options.solver.name} on ${options.grid.times.length - 1} steps is off by ${numberText(error, 2)}, more than ${numberText(MASS_TOLERANCE)} - the density is too rough for quadrature, use sampling`,
  );
}

interface Run {
  readonly space: LawSpace;
  readonly frame: LawFrame;
  readonly values: Float64Array;
}

async function runOnce(
  { schedule, model, solver, grid, start, denoise = false, denoisingError }: LineLawOptions,
  nodes: number,
  demands: readonly number[] | undefined,
  refinement: number,
): Promise<Run> {
  const frame = startFrame(start, nodes);
  const steps = grid.times.length - 1;
  const axisNodes = demands === undefined ? 6 : Math.min(64, Math.max(12, Math.ceil(AXIS_BUDGET / steps)));
  const space = lawSpace({ model, start: frame, refinement, axisNodes, ...(demands === undefined ? {} : { demands }) });
  // A step takes milliseconds: signals and timers have their turn after each.
  const onStep = eventLoopTurns(1);
  const { x } = await runSolver(
    solver,
    { schedule, grid, space, denoisingError },
    { denoise, onStep: () => onStep(1) },
  );
  return { space, frame: x.frame, values: x.values };
}

function startFrame({ logDensity, low, high }: StartLaw, count: number): LawFrame {
  const nodes = uniformNodes(low, high, count);
  const density = new Float64Array(count);
  logDensity(nodes, count, density);
  return trimmedFrame(
    nodes,
    density.map((value) => exp(value)),
  );
}

function finish({ space, frame, values }: Run): CellLaw {
  const { density, spacing } = frame;
  const mass = sum(density) * spacing;
  const mean = sum(density.map((p, i) => p * values[i]!)) * (spacing / mass);
  const variance = sum(density.map((p, i) => p * (values[i]! - mean) * (values[i]! - mean))) * (spacing / mass);
  return {
    values,
    below: cumulativeIntegral(density, spacing).map((p) => p / mass),
    above: cumulativeIntegral(density.slice().reverse(), spacing)
      .reverse()
      .map((p) => p / mass),
    mean,
    variance,
    folds: space.folds || !isIncreasing(frame, values),
    massError: space.massError,
    evaluations: space.evaluations,
  };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function isIncreasing({ density }: LawFrame, values: Float64Array): boolean {
  const least = 1e-12 * density.reduce((most, value) => Math.max(most, value), 0);
  for (let i = 0; i + 1 < values.length; i++) {
    if (!(values[i + 1]! > values[i]!) && density[i]! > least) return false;
  }
  return true;
}
