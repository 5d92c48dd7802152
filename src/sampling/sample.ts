import { UsageError } from "../../solvers/errors.js";
import { NoiseSlot } from "../../solvers/noise/slots.js";
import { RightHandSideError } from "../../solvers/ode/right-hand-side.js";
import { runSolver } from "../../solvers/run-solver.js";
import { batchSpace } from "../../solvers/spaces/batch.js";
import { stepContext } from "../../solvers/step-context.js";
import type {
  AdaptiveSolver,
  FixedSolver,
  FlowProblem,
  FlowResult,
  Grid,
  Model,
  Problem,
} from "../../solvers/types.js";
import { Collector } from "./collector.js";
import { denoisingLoss } from "./denoising-loss.js";
import { eventLoopTurns } from "./event-loop-turns.js";
import { guardModel, ModelError } from "./guard-model.js";
import { type NoiseRequest, noiseSource } from "./noise-source.js";
import { posteriorSampleModel } from "./posterior-model.js";
import { resolveGrid, resolveSolver } from "./resolve.js";
import type { SampleOptions, SampleResult } from "./types.js";
import { checkInitial, checkSampleOptions } from "./validate.js";

/** Rows integrated together by default: states of a chunk stay in the first-level cache. */
export const DEFAULT_BATCH_SIZE = 1024;

/**
 * Draws samples by integrating the reverse SDE or the probability-flow ODE from tMax to tMin.
 *
 * A sample is a function of (seed, run, its index) alone. Numbers that are not finite end up in `status` and `troubles`, not in
 * an exception; the other samples go on.
 *
 * @throws UsageError for options that cannot be meant, before any work
 * @throws ModelError when the model throws
 */
export async function sample(options: SampleOptions): Promise<SampleResult> {
  const { variable, rtol, atol, control, maxEvaluations, maxSteps } = options;
  const checked = checkSampleOptions(options);
  const { sde, model, samples, denoise } = checked;
  const solver = resolveSolver(options.solver, { variable, rtol, atol, control, maxEvaluations, maxSteps });
  const grid = solver.kind === "fixed" ? resolveGrid(sde, options) : null;
  if (solver.kind === "fixed" && grid !== null) solver.check(sde, grid);
  if (solver.kind === "adaptive" && checked.posterior === "sample") {
    throw new UsageError(
      `posterior: 'sample' makes the right-hand side of ${solver.name} random - use posterior: 'mean', or 'ddpm' or 'ddim'`,
    );
  }
  const start = options.initial === undefined ? undefined : checkInitial(options.initial, samples, model.dimension);
  const batchSize = solver.couplesBatch ? samples : (options.batchSize ?? DEFAULT_BATCH_SIZE);
  const turn = eventLoopTurns();
  const { target } = options;
  const denoisingError =
    options.denoisingError ?? (target === undefined ? undefined : denoisingLoss(model, sde, target));
  const collector = new Collector({
    count: samples,
    dimension: model.dimension,
    times: grid?.times ?? null,
    keepPath: options.keepPath ?? false,
    denoise,
  });
  // Many small calls would otherwise never let signals in.
  await new Promise((resolve) => setImmediate(resolve));
  for (let first = 0; first < samples && !collector.aborted; first += batchSize) {
    const count = Math.min(batchSize, samples - first);
    const chunk = { first, count, start, checked, collector, turn, denoisingError };
    if (solver.kind === "adaptive") await runAdaptive(chunk, solver);
    else if (grid !== null) await runFixed(chunk, solver, grid);
  }
  return collector.result();
}

interface Chunk {
  readonly first: number;
  readonly count: number;
  readonly start: Float64Array | undefined;
  readonly checked: ReturnType<typeof checkSampleOptions>;
  readonly collector: Collector;
  readonly turn: (rows: number) => Promise<void> | undefined;
  readonly denoisingError: Problem<Float64Array>["denoisingError"];
}

/** Start states and noise of a chunk. */
function prepare({ first, count, start, checked }: Chunk) {
  const { sde, model, seed, run, firstSample, noise } = checked;
  const { dimension } = model;
  const request: NoiseRequest = { seed, run, firstSample: firstSample + first, count, dimension, noise, schedule: sde };
  const source = noiseSource(request);
  const initial = new Float64Array(count * dimension);
  if (start === undefined) {
    source(null, 0, NoiseSlot.INITIAL, initial);
    for (let i = 0; i < initial.length; i++) initial[i] = initial[i]! * sde.priorStandardDeviation;
  } else initial.set(start.subarray(first * dimension, (first + count) * dimension));
  return { source, initial };
}

/** The model, or draws of x₀ for the samples of this chunk. */
function modelOf({ first, checked }: Chunk): Model {
  const { sde, model, target, posterior, seed, run, firstSample } = checked;
  if (posterior === "mean" || target === undefined) return model;
  return posteriorSampleModel(target, sde, { seed, run, firstSample: firstSample + first });
}

async function runFixed(chunk: Chunk, solver: FixedSolver, grid: Grid): Promise<void> {
  const { first, count, checked, collector, turn, denoisingError } = chunk;
  const { sde, samples, denoise, signal, onStep, condition, firstSample } = checked;
  const { source, initial } = prepare(chunk);
  const space = batchSpace({ model: guardModel(modelOf(chunk)), count, start: initial, noise: source, condition });
  const steps = grid.times.length - 1;
  collector.record(first, initial, 0);
  const end = await runSolver(
    solver,
    { schedule: sde, grid, space, denoisingError },
    {
      denoise,
      ...(signal === undefined ? {} : { signal }),
      async onStep({ index, t, x }) {
        collector.record(first, x, index + 1);
        await turn(count);
        const fraction = (first + (count * (index + 1)) / steps) / samples;
        await onStep?.({ firstSample: firstSample + first, count, step: index, t, x, fraction });
      },
    },
  );
  collector.finishFixed(first, end.x, space.evaluations, end.aborted);
}

/** `solver.integrate`, with the model's own error where the integrator reports it as one of its right-hand side. */
function integrateOrFail(solver: AdaptiveSolver, problem: FlowProblem): Promise<FlowResult> {
  return solver.integrate(problem).catch((error: unknown) => {
    throw error instanceof RightHandSideError && error.cause instanceof ModelError ? error.cause : error;
  });
}

async function runAdaptive(chunk: Chunk, solver: AdaptiveSolver): Promise<void> {
  const { first, count, checked, collector, turn } = chunk;
  const { sde, model, samples, denoise, signal, onStep, condition, firstSample } = checked;
  const { source, initial } = prepare(chunk);
  const guarded = guardModel(model);
  const flow = await integrateOrFail(solver, {
    schedule: sde,
    model: guarded,
    start: initial,
    count,
    from: sde.tMax,
    to: sde.tMin,
    condition,
    signal,
    keepPath: checked.keepPath ?? false,
    async onRound(finished) {
      await turn(count);
      const fraction = (first + finished) / samples;
      await onStep?.({ firstSample: firstSample + first, count, step: null, t: null, x: null, fraction });
    },
  });
  if (!denoise) return collector.finishAdaptive(first, flow);
  const space = batchSpace({ model: guarded, count, start: flow.end, noise: source, condition });
  const problem: Problem<Float64Array> = {
    schedule: sde,
    grid: { name: "end", times: Float64Array.of(sde.tMin) },
    space,
  };
  const data = await stepContext(problem).denoise(flow.end, sde.tMin);
  // Samples that did not reach tMin stay as they are: denoising belongs to the end.
  const { dimension } = model;
  const end = flow.end.map((x, i) => (flow.statuses[Math.floor(i / dimension)] === "success" ? data[i]! : x));
  collector.finishAdaptive(first, { ...flow, end, evaluations: Array.from(flow.evaluations, (n) => n + 1) });
}
