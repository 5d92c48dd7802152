import { log } from "../../../solvers/math/elementary.js";
import { numberText } from "../../../solvers/number-text.js";
import { sample } from "../../sampling/sample.js";
import { atMost, type Check } from "../check.js";
import { perturbedAt } from "../laws/output-law.js";
import { pinsker } from "../learned-score.js";
import { FAMILY_LEVEL, type SampledTest } from "../sampled-family.js";
import { exactDraws } from "./exact-draws.js";
import { type CoupledCells, correction, extrapolatedChiSquare, extrapolatedShares } from "./extrapolated-cells.js";
import { chiSquareText } from "./law-test.js";
import { cellsOf, planeCells } from "./plane-cells.js";
import { endingAt, type Subject } from "./subject.js";

/** Steps of the coarser run; doubled until extrapolation moves less than a tenth of what chance does, or to the last. */
const STEPS = [32, 64, 128, 256] as const;
const NEGLIGIBLE = 0.1;
/** Names the noise of the runs. */
const FIRST_RUN = 10;

/** What samples of the reverse SDE gave at one time: a test where the score is meant to be exact, else a bounded figure. */
export interface ReverseSamples {
  readonly test: SampledTest | null;
  readonly check: Check | null;
  readonly samples: Float64Array;
}

/**
 * (c) Samples of the reverse SDE from p_tMax down to t in the plane against p_t: stochastic Heun (weak order 2) with N and 2N steps of λ on
 * the same Brownian paths, extrapolated to N = ∞. With a learned score their distance from p_t, against what the error of the score explains.
 */
export async function reverseSamples(
  subject: Subject,
  t: number,
  index: number,
  signal?: AbortSignal,
): Promise<ReverseSamples> {
  const { target, reverseScore: model, learned, samples: count, seed } = subject;
  const sde = endingAt(subject.sde, t);
  const run = FIRST_RUN + index;
  const initial = exactDraws(target, perturbedAt(target, sde, sde.tMax), { count, seed, run });
  const partition = planeCells(target, perturbedAt(target, sde, t), count);
  const draw = async (steps: number) => {
    const request = { sde, model, solver: "stochastic-heun", steps, grid: "log-snr", noise: "path", run } as const;
    const { samples } = await sample({ ...request, samples: count, initial, seed, ...(signal && { signal }) });
    return samples.data;
  };
  let samples = await draw(STEPS[0]);
  let cells: CoupledCells | null = null;
  let steps = 0;
  for (const coarse of STEPS) {
    signal?.throwIfAborted();
    steps = 2 * coarse;
    const before = cellsOf(partition, samples);
    samples = await draw(steps);
    cells = { coarse: before, fine: cellsOf(partition, samples), probabilities: partition.probabilities };
    if (correction(cells) <= NEGLIGIBLE * partition.probabilities.length) break;
  }
  const label = numberText(t, 3);
  const name = `reverse-samples t=${label}`;
  const how = `stochastic Heun, extrapolated from ${steps / 2} and ${steps} steps`;
  if (cells === null) return { test: null, check: null, samples };
  if (learned === null) {
    const result = extrapolatedChiSquare(cells);
    const claim = `${count} samples of the reverse SDE follow p_t at t = ${label} (χ² over cells of equal mass; ${how})`;
    return { check: null, samples, test: { name, claim, result, statistic: chiSquareText(result), statement: 6 } };
  }
  const bound = pinsker(learned.kl) + chance(partition.probabilities, count);
  const check = atMost(distance(extrapolatedShares(cells), partition.probabilities), bound, {
    name,
    statement: 6,
    claim: `${count} samples of the reverse SDE are near p_t at t = ${label} (L1 over cells of equal mass; ${how})`,
    reason: `√(2 KL) with KL ≤ ${numberText(learned.kl, 3)} from the error of the score (Girsanov, Pinsker) and what chance moves at one seed in ${1 / FAMILY_LEVEL} (McDiarmid)`,
  });
  return { test: null, check, samples };
}

/** Σ |shares − probabilities|. */
export function distance(shares: ArrayLike<number>, probabilities: readonly number[]): number {
  return probabilities.reduce((sum, p, k) => sum + Math.abs(shares[k]! - p), 0);
}

/**
 * What the distance of extrapolated shares exceeds by chance with probability `FAMILY_LEVEL` at most: its mean is below Σ √(var y_k/n),
 * var y_k ≤ (5/3)² p_k, and one sample moves it by 2 · (5/3)/n at most.
 */
function chance(probabilities: readonly number[], count: number): number {
  const most = 5 / 3;
  const mean = probabilities.reduce((sum, p) => sum + Math.sqrt(p / count), 0);
  return most * (mean + Math.sqrt((2 * log(1 / FAMILY_LEVEL)) / count));
}
