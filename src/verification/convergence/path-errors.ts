import { UsageError } from "../../../solvers/errors.js";
import { fillNormal } from "../../../solvers/noise/normal.js";
import { runSolver } from "../../../solvers/run-solver.js";
import { batchSpace, type NoiseSource } from "../../../solvers/spaces/batch.js";
import { eventLoopTurns } from "../../sampling/event-loop-turns.js";
import { noiseSource } from "../../sampling/noise-source.js";
import { exactScore } from "../../scores/exact-score.js";
import type { Sde } from "../../sdes/types.js";
import { pointRows } from "../../targets/points.js";
import type { Target } from "../../targets/types.js";
import { exactTransport } from "../exact-transport.js";
import {
  cosine,
  type ErrorOptions,
  type ErrorPair,
  type ErrorSequence,
  endSize,
  roundingFloor,
} from "./error-sequence.js";

/** Run number of the start states, so that they share no number with the path. */
const START_RUN = 1;

/**
 * Errors of the end points of a deterministic solver, started from draws of the exact p_tMax: RMS over the points against the exact
 * transport, or, where none is known, against the same solver with twice as many steps.
 */
export async function flowErrors(options: ErrorOptions): Promise<ErrorSequence> {
  const { sde, target, steps } = options;
  const transport = exactTransport(target, sde, sde.tMax, sde.tMin);
  const start = exactStart(options);
  const run = ends(options, start);
  if (transport === null) {
    const against = "the same solver with twice as many steps, for no exact transport is known";
    return { kind: "deterministic", against, ...(await differences(options, run, false)) };
  }
  const truth = transport(start);
  const errors: Float64Array[] = [];
  for (const count of steps) errors.push((await run(count)).map((x, i) => x - truth[i]!));
  return {
    kind: "deterministic",
    distance: "RMS",
    against: "the exact transport from tMax to tMin",
    ...sequence(options, errors, false),
  };
}

/**
 * Strong errors of a stochastic solver: RMS over paths of the difference between N steps and 2 N steps along one Brownian path.
 *
 * If the strong error is C hᵖ this is C (1 − 2⁻ᵖ) hᵖ at most and falls with the same order, without the bias that a reference of
 * finite fineness has. That the limit is the right one is for the law order to say.
 *
 * @throws UsageError when the solver draws noise that belongs to no stretch of time
 */
export async function strongErrors(options: ErrorOptions): Promise<ErrorSequence> {
  const run = ends(options, exactStart(options));
  const against = "the same solver with twice as many steps on the same Brownian path";
  return { kind: "strong", against, ...(await differences(options, run, true)) };
}

async function differences(options: ErrorOptions, run: (steps: number) => Promise<Float64Array>, isSampled: boolean) {
  const known = new Map<number, Float64Array>();
  const at = async (count: number) => {
    const end = known.get(count) ?? (await run(count));
    known.set(count, end);
    return end;
  };
  const errors: Float64Array[] = [];
  for (const count of options.steps) {
    const fine = await at(2 * count);
    errors.push((await at(count)).map((x, i) => x - fine[i]!));
  }
  return { distance: "RMS" as const, ...sequence(options, errors, isSampled) };
}

/** End states of the solver on so many steps, all from one start and along one Brownian path. */
function ends({ sde, target, solver, gridOf, samples, seed, onRun }: ErrorOptions, start: Float64Array) {
  const model = exactScore(target, sde);
  const turn = eventLoopTurns();
  return async (steps: number): Promise<Float64Array> => {
    onRun?.(steps);
    const space = batchSpace({
      model,
      count: samples,
      start,
      noise: pathNoise({ sde, target, samples, seed }, solver.name),
    });
    const onStep = async () => {
      await turn(samples);
      onRun?.(steps);
    };
    const { x } = await runSolver(solver, { schedule: sde, grid: gridOf(steps), space }, { onStep });
    return x.slice();
  };
}

type PathOptions = Pick<ErrorOptions, "sde" | "target" | "samples" | "seed">;

function pathNoise({ sde, target, samples, seed }: PathOptions, name: string): NoiseSource {
  const { dimension } = target;
  const request = { noise: "path", schedule: sde, seed, run: 0, firstSample: 0, count: samples, dimension } as const;
  const source = noiseSource(request);
  return (interval, step, slot, out) => {
    if (interval === null) {
      throw new UsageError(
        `strong order: ${name} draws noise that belongs to no stretch of time (a corrector's), so that no Brownian path drives it - measure its law order`,
      );
    }
    source(interval, step, slot, out);
  };
}

/** Draws of α x₀ + σ ε at tMax. */
function exactStart({ sde, target, samples, seed }: { sde: Sde; target: Target; samples: number; seed: number }) {
  const { data } = pointRows(target.sample({ count: samples, seed }), target.dimension, "samples");
  const [alpha, sigma] = [sde.alpha(sde.tMax), sde.sigma(sde.tMax)];
  const normals = new Float64Array(data.length);
  fillNormal({ seed, stream: "sampler", run: START_RUN }, 0, normals);
  return data.map((x, i) => alpha * x + sigma * normals[i]!);
}

/** RMS errors with their standard errors, and what consecutive ones have in common. */
function sequence(options: ErrorOptions, errors: readonly Float64Array[], isSampled: boolean) {
  const { sde, target, steps, samples } = options;
  const size = endSize(target, sde);
  const squares = errors.map((error) => rowSquares(error, samples));
  const points = steps.map((count, k) => {
    const square = mean(squares[k]!);
    const error = Math.sqrt(square);
    const spread = standardErrorOfMean(squares[k]!, (value) => value);
    return {
      steps: count,
      error,
      standardError: isSampled ? spread / (2 * error) : null,
      floor: roundingFloor(size, count),
    };
  });
  const pairs = errors.slice(1).map((error, k): ErrorPair => {
    const [coarse, fine] = [squares[k]!, squares[k + 1]!];
    const [meanCoarse, meanFine] = [mean(coarse), mean(fine)];
    // d ln(e₁/e₂) = ½ (da/a − db/b), sample by sample.
    const spread = standardErrorOfMean(coarse, (value, i) => 0.5 * (value / meanCoarse - fine[i]! / meanFine));
    return isSampled
      ? { cosine: null, standardError: spread }
      : { cosine: cosine(errors[k]!, error), standardError: null };
  });
  return { points, pairs };
}

function rowSquares(error: Float64Array, rows: number): Float64Array {
  const width = error.length / rows;
  const squares = new Float64Array(rows);
  for (let i = 0; i < error.length; i++) {
    const row = Math.floor(i / width);
    squares[row] = squares[row]! + error[i]! * error[i]!;
  }
  return squares;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function standardErrorOfMean(values: Float64Array, of: (value: number, i: number) => number): number {
  const mapped = values.map(of);
  const middle = mean(mapped);
  const square = mapped.reduce((sum, value) => sum + (value - middle) * (value - middle), 0);
  return Math.sqrt(square / (values.length - 1) / values.length);
}
