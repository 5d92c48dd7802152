import { UsageError } from "../../../solvers/errors.js";
import { eulerMaruyama } from "../../../solvers/sde/euler-maruyama.js";
import { kolmogorovSmirnov } from "../../metrics/kolmogorov-smirnov.js";
import { type QuantileLaw, quantileLaw } from "../../metrics/quantile-law.js";
import { resolveGrid } from "../../sampling/resolve.js";
import { sample } from "../../sampling/sample.js";
import { atMost, type Check, skipped } from "../check.js";
import { type CellLaw, cellDistances, massBetween } from "../laws/cell-law.js";
import { lineLaw } from "../laws/line-law.js";
import { asStart, perturbedAt } from "../laws/output-law.js";
import type { SampledTest } from "../sampled-family.js";
import { exactStarts } from "./start-samples.js";
import { endingAt, type Subject } from "./subject.js";

/** Steps of the coarse runs that are tried, each with a run of twice as many: rough laws need more before order 1 shows. */
const STEPS = [50, 100, 200] as const;

/** What the reverse SDE gave at one time. */
export interface ReverseLaw {
  readonly check: Check;
  readonly test: SampledTest | null;
  readonly samples: Float64Array | null;
}

/**
 * (c) The reverse SDE by Euler–Maruyama from p_tMax down to t: its exact law (Chapman–Kolmogorov, no sampling) against p_t in the limit of
 * small steps, and samples against that exact law.
 */
export async function reverseLaw(
  subject: Subject,
  t: number,
  { sampled = true, signal }: { readonly sampled?: boolean; readonly signal?: AbortSignal | undefined } = {},
): Promise<ReverseLaw> {
  const { target, reverseScore: model, modelTolerance, samples: count, seed } = subject;
  const sde = endingAt(subject.sde, t);
  const label = `t=${Number(t.toPrecision(3))}`;
  const text = {
    name: `reverse-law ${label}`,
    statement: 6,
    claim: `the reverse SDE's law is p_t at t = ${Number(t.toPrecision(3))} in the limit of small steps (W2, extrapolated)`,
  };
  const solver = eulerMaruyama.create();
  const start = asStart(perturbedAt(target, sde, sde.tMax));
  const lawOf = (steps: number) => lineLaw({ schedule: sde, model, solver, grid: resolveGrid(sde, { steps }), start });
  const truth = quantileLaw(perturbedAt(target, sde, t));
  let check = skipped({ ...text, reason: "not run" });
  let coarse: CellLaw;
  let fine: CellLaw | null = null;
  let most = 0;
  for (const steps of STEPS) {
    try {
      coarse = fine ?? (await lawOf(steps));
      fine = await lawOf(2 * steps);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return { check: skipped({ ...text, reason: error.message }), test: null, samples: null };
    }
    signal?.throwIfAborted();
    most = 2 * steps;
    const { change, limit } = extrapolated(coarse, fine, truth);
    const deviation = Math.sqrt(fine.variance);
    const [before, after] = [coarse, fine].map((law) => cellDistances(law, truth).w2.toPrecision(3));
    check = atMost(limit, 0.5 * change + modelTolerance * deviation + 1e-9, {
      ...text,
      reason: `half of what halving the step changes: Euler–Maruyama is of order 1 (W2 ${before} → ${after} with ${steps} → ${most} steps)${modelNote(modelTolerance)}`,
    });
    if (check.verdict === "pass") break;
  }
  if (!sampled || fine === null) return { check, test: null, samples: null };
  const initial = exactStarts(target, sde, { count, seed });
  const run = await sample({ sde, model, solver, steps: most, samples: count, initial, seed });
  return {
    check,
    samples: run.samples.data,
    test: {
      name: `reverse-samples ${label}`,
      claim: `${count} samples of the reverse SDE follow the law of their steps at t = ${Number(t.toPrecision(3))} (Kolmogorov–Smirnov)`,
      result: kolmogorovSmirnov(run.samples.data, cdfOf(fine)),
      statement: 6,
    },
  };
}

/** W2 between two laws, and from their quantile functions' extrapolation 2 Q_fine − Q_coarse to the truth. */
function extrapolated(coarse: CellLaw, fine: CellLaw, truth: QuantileLaw): { change: number; limit: number } {
  const { values, below, above } = fine;
  let [change, limit] = [0, 0];
  let j = 0;
  for (let i = 0; i + 1 < values.length; i++) {
    const mass = massBetween(below, above, i);
    const [u, rest] = [0.5 * (below[i]! + below[i + 1]!), 0.5 * (above[i]! + above[i + 1]!)];
    if (!(mass > 0 && u > 1e-12 && rest > 1e-12)) continue;
    while (j + 2 < coarse.below.length && coarse.below[j + 1]! < u) j++;
    const share = (u - coarse.below[j]!) / (coarse.below[j + 1]! - coarse.below[j]!);
    const rough = coarse.values[j]! + share * (coarse.values[j + 1]! - coarse.values[j]!);
    const here = 0.5 * (values[i]! + values[i + 1]!);
    const exact = u < 0.5 ? truth.quantile(u) : truth.quantile(rest, { upper: true });
    change += mass * (here - rough) * (here - rough);
    limit += mass * (2 * here - rough - exact) * (2 * here - rough - exact);
  }
  return { change: Math.sqrt(change), limit: Math.sqrt(limit) };
}

/** The distribution function of a law given cell by cell. */
export function cdfOf({ values, below }: CellLaw): (x: number) => number {
  const last = values.length - 1;
  return (x) => {
    if (x <= values[0]!) return below[0]!;
    if (x >= values[last]!) return below[last]!;
    let [low, high] = [0, last];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (values[middle]! <= x) low = middle;
      else high = middle;
    }
    const share = (x - values[low]!) / (values[high]! - values[low]!);
    return below[low]! + share * (below[high]! - below[low]!);
  };
}

/** Words for a tolerance that a model was given. */
export function modelNote(modelTolerance: number): string {
  return modelTolerance > 0 ? `, and ${modelTolerance} deviations for the model's error` : "";
}
