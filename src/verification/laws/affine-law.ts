import { UsageError } from "../../../solvers/errors.js";
import { fillNormal } from "../../../solvers/noise/normal.js";
import { numberText } from "../../../solvers/number-text.js";
import type { FixedSolver, Grid, Model, Schedule } from "../../../solvers/types.js";
import { sample } from "../../sampling/sample.js";
import type { UserNoise } from "../../sampling/types.js";

/** x_end = intercept + start · x_begin + Σ noise_k z_k, with z_k standard normal: what a solver makes of an affine score. */
export interface AffineRun {
  readonly dimension: number;
  readonly intercept: Float64Array;
  /** dimension × dimension, row-major: column j is the image of the j-th unit vector. */
  readonly start: Float64Array;
  /** Images of the unit noises, dimension numbers each. */
  readonly noises: readonly Float64Array[];
  readonly evaluations: number;
}

export interface AffineRunOptions {
  readonly sde: Schedule;
  readonly model: Model;
  readonly solver: FixedSolver;
  readonly grid: Grid;
  readonly denoise: boolean;
}

/** Largest misfit of an affine map that float32 models may have, relative to the size of the states. */
const AFFINE = 1e-4;
const MOST_NUMBERS = 1e9;

/**
 * Reads the affine map of start and noises off a solver, by running it on unit starts and unit noises.
 *
 * @throws UsageError when the run is not affine in them: the score is not, or the solver couples its samples; or when it is too large
 */
export async function affineRun(options: AffineRunOptions): Promise<AffineRun> {
  const { model, solver, grid } = options;
  const { dimension } = model;
  if (solver.couplesBatch) {
    throw new UsageError(
      `exact law: ${solver.name} couples its samples, which no law of one sample describes - compare samples`,
    );
  }
  const drawn = new Map<string, number>();
  const silent: UserNoise = (step, slot, _first, _count, out) => {
    drawn.set(`${step}/${slot}`, drawn.get(`${step}/${slot}`) ?? drawn.size);
    out.fill(0);
  };
  const starts = new Float64Array((dimension + 1) * dimension);
  for (let j = 0; j < dimension; j++) starts[(j + 1) * dimension + j] = 1;
  const { rows: images, evaluations } = await imagesOf(options, starts, silent);
  const [intercept, ...columns] = images;
  const start = new Float64Array(dimension * dimension);
  columns.forEach((column, j) => {
    for (let i = 0; i < dimension; i++) start[i * dimension + j] = column[i]! - intercept![i]!;
  });
  const count = drawn.size * dimension;
  if (count * dimension * grid.times.length > MOST_NUMBERS) {
    throw new UsageError(
      `exact law: ${count} noises over ${grid.times.length - 1} steps in ${dimension} dimensions are too many to follow one by one - compare samples`,
    );
  }
  const unit: UserNoise = (step, slot, first, rows, out) => {
    out.fill(0);
    const place = drawn.get(`${step}/${slot}`)! * dimension;
    for (let d = 0; d < dimension; d++) {
      const row = place + d - first;
      if (row >= 0 && row < rows) out[row * dimension + d] = 1;
    }
  };
  const answers = count === 0 ? [] : (await imagesOf(options, new Float64Array(count * dimension), unit)).rows;
  const noises = answers.map((row) => row.map((value, i) => value - intercept![i]!));
  const run = { dimension, intercept: intercept!, start, noises, evaluations };
  await checkAffine(options, run, drawn);
  return run;
}

/** Mean and covariance of the end when the start has these. */
export function affineMoments(
  { dimension, intercept, start, noises }: AffineRun,
  mean: Float64Array,
  covariance: Float64Array,
): { readonly mean: Float64Array; readonly covariance: Float64Array } {
  const end = intercept.slice();
  const out = new Float64Array(dimension * dimension);
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j < dimension; j++) end[i] = end[i]! + start[i * dimension + j]! * mean[j]!;
  }
  for (let i = 0; i < dimension; i++) {
    for (let k = 0; k < dimension; k++) {
      let sum = 0;
      for (let j = 0; j < dimension; j++) {
        for (let l = 0; l < dimension; l++) {
          sum += start[i * dimension + j]! * covariance[j * dimension + l]! * start[k * dimension + l]!;
        }
      }
      for (const noise of noises) sum += noise[i]! * noise[k]!;
      out[i * dimension + k] = sum;
    }
  }
  return { mean: end, covariance: out };
}

async function imagesOf(
  { sde, model, solver, grid, denoise }: AffineRunOptions,
  initial: Float64Array,
  noise: UserNoise,
) {
  const { dimension } = model;
  const count = initial.length / dimension;
  const { samples, evaluations } = await sample({
    ...{ sde, model, solver, times: grid.times, samples: count, initial, noise, denoise },
  });
  const rows = Array.from({ length: count }, (_, i) => samples.data.slice(i * dimension, (i + 1) * dimension));
  return { rows, evaluations };
}

/** One run from a typical start with typical noises must end where the map says. */
async function checkAffine(options: AffineRunOptions, run: AffineRun, drawn: ReadonlyMap<string, number>) {
  const { sde, solver } = options;
  const { dimension, intercept, start, noises } = run;
  const initial = new Float64Array(dimension);
  const normals = new Float64Array(Math.max(1, noises.length));
  fillNormal({ seed: 0, stream: "sampler", step: 0 }, 0, initial);
  fillNormal({ seed: 0, stream: "path", step: 0 }, 0, normals);
  for (let i = 0; i < dimension; i++) initial[i] = initial[i]! * sde.priorStandardDeviation;
  const { rows } = await imagesOf(options, initial, (step, slot, _first, _count, out) => {
    const place = drawn.get(`${step}/${slot}`)! * dimension;
    for (let d = 0; d < dimension; d++) out[d] = normals[place + d]!;
  });
  let [misfit, size] = [0, 0];
  for (let i = 0; i < dimension; i++) {
    let [value, terms] = [intercept[i]!, Math.abs(intercept[i]!)];
    const add = (term: number) => {
      value += term;
      terms += Math.abs(term);
    };
    for (let j = 0; j < dimension; j++) add(start[i * dimension + j]! * initial[j]!);
    noises.forEach((noise, k) => {
      add(noise[i]! * normals[k]!);
    });
    misfit = Math.max(misfit, Math.abs(rows[0]![i]! - value));
    size = Math.max(size, terms);
  }
  if (!(misfit <= AFFINE * size)) {
    throw new UsageError(
      `exact law: above one dimension it needs a score that is affine in x, but the model's is not (${solver.name} misses its affine map by ${numberText(misfit / size, 2)}) - compare samples`,
    );
  }
}
