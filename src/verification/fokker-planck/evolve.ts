import type { Status } from "../../../solvers/types.js";
import type { GeneratorSource } from "./generator-source.js";
import { limitToPositive } from "./limit-to-positive.js";
import { makeStep, type TimeScheme } from "./make-step.js";
import { givenSteps, type StepControl, stepControl } from "./step-control.js";
import type { TimeStep } from "./time-step.js";

/** How masses are carried through time. */
export interface EvolveOptions {
  /**
   * Number of equal steps over the whole range (each stretch between outputs gets its share, at least one), 'adaptive', or the readings
   * at which steps end, the outputs among them.
   */
  readonly steps: number | "adaptive" | readonly number[];
  /** L1 error of one adaptive step. */
  readonly tolerance: number;
  readonly maxSteps: number;
  /** Keep the state after every step, not only at the outputs. */
  readonly keepSteps: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((progress: { readonly step: number; readonly fraction: number }) => void) | undefined;
}

/** What `evolve` brings back: kept states and what happened on the way. */
export interface Evolution {
  readonly readings: readonly number[];
  readonly masses: readonly Float64Array[];
  readonly status: Status;
  readonly steps: number;
  /** Where each of them ended. */
  readonly stepEnds: readonly number[];
  readonly rejected: number;
  /** Steps that took a share of implicit Euler to stay positive, and the L1 change that made in all. */
  readonly limited: number;
  readonly limiterError: number;
  /** Σ of the local L1 errors, the limiter's included: a bound on the error in time, since the equation never expands L1; null for fixed steps. */
  readonly timeError: number | null;
  /** The same up to each kept state. */
  readonly timeErrors: readonly number[] | null;
  /** Largest mass seen in the outermost cells at each wall. */
  readonly wallMass: readonly number[];
}

/** Carries cell masses of one line through the clock readings `outputs` (monotone, the first is the start). */
export async function evolve(
  source: GeneratorSource,
  initial: Float64Array,
  outputs: Float64Array,
  options: EvolveOptions & { readonly scheme: TimeScheme },
): Promise<Evolution> {
  const step = makeStep(options.scheme, source, options.steps === "adaptive");
  const last = initial.length - 1;
  return evolveWith(step, initial, outputs, options, (masses) => [masses[0]!, masses[last]!]);
}

/** Carries cell masses by any step; `walls` tells the mass in the outermost cells at each wall. */
export async function evolveWith(
  step: TimeStep,
  initial: Float64Array,
  outputs: Float64Array,
  { steps, tolerance, maxSteps, keepSteps, signal, onStep }: EvolveOptions,
  walls: (masses: Float64Array) => readonly number[],
): Promise<Evolution> {
  const cells = initial.length;
  const adaptive = steps === "adaptive";
  const control: StepControl =
    typeof steps === "object" ? givenSteps(outputs, steps) : stepControl(outputs, steps, tolerance, step.order);
  let masses = Float64Array.from(initial);
  let next = new Float64Array(cells);
  const work = new Float64Array(cells);
  const readings = [outputs[0]!];
  const kept = [Float64Array.from(initial)];
  let status: Status = "success";
  const stepEnds: number[] = [];
  let rejected = 0;
  let limited = 0;
  let limiterError = 0;
  let timeError = 0;
  const timeErrors = [0];
  let wall = walls(masses);
  for (let plan = control.next(); plan !== null; plan = control.next()) {
    if (signal?.aborted) status = "aborted";
    else if (stepEnds.length + rejected >= maxSteps) status = "max-steps";
    else if (plan.h < plan.smallest) status = "step-underflow";
    if (status !== "success") break;
    await step.prepare(plan.c, control.direction, plan.h);
    step.apply(masses, next);
    const stepError = adaptive ? step.error() : 0;
    const change = limitToPositive(step, masses, next, work);
    const error = stepError + change;
    if (adaptive && Number.isFinite(error) && error > tolerance) {
      control.reject(error);
      rejected++;
      continue;
    }
    let sum = 0;
    for (let i = 0; i < cells; i++) sum += next[i]!;
    if (!Number.isFinite(sum)) {
      status = "non-finite";
      break;
    }
    if (change > 0) limited++;
    limiterError += change;
    timeError += error;
    [masses, next] = [next, masses];
    const now = walls(masses);
    wall = wall.map((largest, k) => Math.max(largest, now[k]!));
    const isOutput = control.accept(error);
    stepEnds.push(control.reading);
    if (isOutput || keepSteps) {
      readings.push(control.reading);
      kept.push(Float64Array.from(masses));
      timeErrors.push(timeError);
    }
    onStep?.({ step: stepEnds.length, fraction: control.fraction });
  }
  return {
    readings,
    masses: kept,
    status,
    steps: stepEnds.length,
    stepEnds,
    rejected,
    limited,
    limiterError,
    timeError: adaptive ? timeError : null,
    timeErrors: adaptive ? timeErrors : null,
    wallMass: wall,
  };
}
