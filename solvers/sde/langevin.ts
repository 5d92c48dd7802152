import { UsageError } from "../errors.js";
import { NoiseSlot } from "../noise/slots.js";
import type { StepContext } from "../step-context.js";
import type { NormedSpace, Space, State } from "../types.js";

/** One unadjusted Langevin step at time t: x ← x + δ s + √(2δ) z. */
export async function langevinStep<S extends State>(
  context: StepContext<S>,
  x: S,
  t: number,
  delta: number,
  index: number,
  repetition: number,
): Promise<S> {
  const score = await context.score(x, t);
  const z = context.space.noise(null, index, NoiseSlot.CORRECTOR + repetition);
  return context.space.combine([1, delta, Math.sqrt(2 * delta)], [x, score, z]);
}

/**
 * One Langevin step with Song's norm-based size δ = 2 (snr ‖z‖/‖s‖)².
 *
 * `norm: 'batch'` takes means of the norms over the batch, as score_sde does: rows then depend on each other. `norm: 'sample'`
 * takes each row's own norms: in one or two dimensions ‖s‖ comes near 0 so often that δ has no finite mean (on N(0, 1) in one
 * dimension the sample variance diverges).
 *
 * Source: Song et al. 2021 (arXiv 2011.13456) algorithms 4 and 5, with α = 1.
 *
 * @throws UsageError outside the batch space: only there are norms known
 */
export async function normBasedLangevinStep<S extends State>(
  context: StepContext<S>,
  x: S,
  t: number,
  { snr, norm }: { readonly snr: number; readonly norm: "batch" | "sample" },
  index: number,
  repetition: number,
): Promise<S> {
  const { space } = context;
  if (!isNormed(space)) {
    throw new UsageError(
      `pc: corrector=langevin takes its step from the norms of sampled states, which the ${space.name} space does not have - use corrector=annealed`,
    );
  }
  const score = await context.score(x, t);
  const z = space.noise(null, index, NoiseSlot.CORRECTOR + repetition);
  const delta = stepSizes(space.norms(z), space.norms(score), snr, norm);
  const ones = new Float64Array(delta.length).fill(1);
  const root = delta.map((size) => Math.sqrt(2 * size));
  return space.combineRows([ones, delta, root], [x, score, z]);
}

function stepSizes(noiseNorms: Float64Array, scoreNorms: Float64Array, snr: number, norm: "batch" | "sample") {
  if (norm === "sample") {
    return noiseNorms.map((noise, row) => 2 * ((snr * noise) / scoreNorms[row]!) * ((snr * noise) / scoreNorms[row]!));
  }
  const size = (snr * mean(noiseNorms)) / mean(scoreNorms);
  return noiseNorms.map(() => 2 * size * size);
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function isNormed<S extends State>(space: Space<S>): space is NormedSpace<S> {
  return "combineRows" in space;
}
