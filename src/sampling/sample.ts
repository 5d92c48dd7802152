import { NoiseSlot } from "../../solvers/noise/slots.js";
import { runSolver } from "../../solvers/run-solver.js";
import { batchSpace } from "../../solvers/spaces/batch.js";
import type { FixedSolver, Grid } from "../../solvers/types.js";
import { Collector } from "./collector.js";
import { guardModel } from "./guard-model.js";
import { counterNoise, type NoiseRequest, userNoise } from "./noise-source.js";
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
  const checked = checkSampleOptions(options);
  const { sde, model, samples, denoise } = checked;
  const solver = resolveSolver(options.solver, options.variable === undefined ? {} : { variable: options.variable });
  const grid = resolveGrid(sde, options);
  solver.check(sde, grid);
  const start = options.initial === undefined ? undefined : checkInitial(options.initial, samples, model.dimension);
  const batchSize = solver.couplesBatch ? samples : (options.batchSize ?? DEFAULT_BATCH_SIZE);
  const collector = new Collector(samples, model.dimension, grid, options.keepPath ?? false, denoise);
  for (let first = 0; first < samples && !collector.aborted; first += batchSize) {
    await runChunk(first, Math.min(batchSize, samples - first), { checked, solver, grid, start, collector });
  }
  return collector.result();
}

interface ChunkSetting {
  readonly checked: ReturnType<typeof checkSampleOptions>;
  readonly solver: FixedSolver;
  readonly grid: Grid;
  readonly start: Float64Array | undefined;
  readonly collector: Collector;
}

async function runChunk(first: number, count: number, { checked, solver, grid, start, collector }: ChunkSetting) {
  const { sde, model, seed, run, noise, samples, denoise, signal, onStep, condition } = checked;
  const { dimension } = model;
  const request: NoiseRequest = { seed, run, firstSample: checked.firstSample + first, count, dimension };
  const source = typeof noise === "function" ? userNoise(noise, request) : counterNoise(request);
  const initial = new Float64Array(count * dimension);
  if (start === undefined) {
    source(null, 0, NoiseSlot.INITIAL, initial);
    for (let i = 0; i < initial.length; i++) initial[i] = initial[i]! * sde.priorStandardDeviation;
  } else initial.set(start.subarray(first * dimension, (first + count) * dimension));
  const space = batchSpace({ model: guardModel(model), count, start: initial, noise: source, condition });
  const steps = grid.times.length - 1;
  collector.record(first, initial, 0);
  const end = await runSolver(
    solver,
    { schedule: sde, grid, space },
    {
      denoise,
      ...(signal === undefined ? {} : { signal }),
      async onStep({ index, t, x }) {
        collector.record(first, x, index + 1);
        await onStep?.({
          firstSample: request.firstSample,
          count,
          step: index,
          t,
          x,
          fraction: (first + (count * (index + 1)) / steps) / samples,
        });
      },
    },
  );
  collector.finish(first, end.x, space.evaluations, end.aborted);
}
