import { UsageError } from "../../../solvers/errors.js";
import { numberText } from "../../../solvers/number-text.js";
import { eulerMaruyama } from "../../../solvers/sde/euler-maruyama.js";
import { kolmogorovSmirnov } from "../../metrics/kolmogorov-smirnov.js";
import { quantileLaw } from "../../metrics/quantile-law.js";
import { resolveGrid } from "../../sampling/resolve.js";
import { sample } from "../../sampling/sample.js";
import { atMost, type Check, skipped } from "../check.js";
import { type CellLaw, cellCdf, cellDistances } from "../laws/cell-law.js";
import { lineLaw } from "../laws/line-law.js";
import { asStart, perturbedAt } from "../laws/output-law.js";
import type { SampledTest } from "../sampled-family.js";
import { densityCdf } from "./density-law.js";
import { type Extrapolation, extrapolateProbabilities, extrapolateQuantiles } from "./extrapolation.js";
import { generate } from "./generated-density.js";
import { ownError } from "./own-bound.js";
import { exactStarts } from "./start-samples.js";
import { endingAt, type Subject } from "./subject.js";

/** Steps of the runs; three in a row make a verdict, and rough laws need more of them before order 1 shows. */
const STEPS = [25, 50, 100, 200, 400, 800] as const;
/** Errors so many times what extrapolation changes do not go away with more steps. */
const DECISIVE = 10;

/** What the reverse SDE gave at one time. */
export interface ReverseLaw {
  readonly check: Check;
  readonly test: SampledTest | null;
  readonly samples: Float64Array | null;
}

/**
 * (c) The reverse SDE by Euler–Maruyama from p_tMax down to t: its exact law (Chapman–Kolmogorov, no sampling) in the limit of small steps
 * against p_t (W2), or for a learned score against the density that its reverse-time equation gives (probabilities); and samples against
 * that exact law.
 */
export async function reverseLaw(
  subject: Subject,
  t: number,
  { sampled = true, signal }: { readonly sampled?: boolean; readonly signal?: AbortSignal | undefined } = {},
): Promise<ReverseLaw> {
  const { target, reverseScore: model, learned, samples: count, seed } = subject;
  const sde = endingAt(subject.sde, t);
  const at = `t = ${numberText(t, 3)}`;
  const text = {
    name: `reverse-law ${at.replaceAll(" ", "")}`,
    statement: 6,
    claim:
      learned === null
        ? `the reverse SDE's law is p_t at ${at} in the limit of small steps (W2, extrapolated)`
        : `the reverse SDE's law is the density of the reverse equation at ${at} in the limit of small steps (largest difference of probabilities to the left, extrapolated)`,
  };
  const solver = eulerMaruyama.create();
  const start = asStart(perturbedAt(target, sde, sde.tMax));
  const lawOf = (steps: number) => lineLaw({ schedule: sde, model, solver, grid: resolveGrid(sde, { steps }), start });
  const limit = await limitOf(subject, t, signal);
  const laws: CellLaw[] = [];
  let check = skipped({ ...text, reason: "not run" });
  let most = 0;
  for (const steps of STEPS) {
    try {
      laws.push(await lawOf(steps));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      // Too few steps may carry tails too far for any nodes.
      if (laws.length < 3) check = skipped({ ...text, reason: error.message });
      laws.length = 0;
      continue;
    }
    signal?.throwIfAborted();
    most = steps;
    if (laws.length < 3) continue;
    const { error, change, correction } = limit.extrapolate(laws.slice(-3));
    check = atMost(error, change + limit.error, {
      ...text,
      reason: `what the extrapolation changes when the steps of Euler–Maruyama are halved once more, to ${steps}${limit.note(laws)}`,
    });
    // A bound above what extrapolation takes away proves nothing: such steps are too large for order 1.
    if (check.verdict === "pass" && change <= correction + limit.error) break;
    if (error > DECISIVE * (change + limit.error)) break;
  }
  const fine = laws[laws.length - 1];
  if (!sampled || fine === undefined || check.verdict === "skip") return { check, test: null, samples: null };
  const initial = exactStarts(target, sde, { count, seed });
  const run = await sample({ sde, model, solver, steps: most, samples: count, initial, seed });
  return {
    check,
    samples: run.samples.data,
    test: {
      name: `reverse-samples ${at.replaceAll(" ", "")}`,
      claim: `${count} samples of the reverse SDE follow the law of their steps at ${at} (Kolmogorov–Smirnov)`,
      result: kolmogorovSmirnov(run.samples.data, cellCdf(fine)),
      statement: 6,
    },
  };
}

/** What the laws of ever smaller steps must tend to. */
interface Limit {
  extrapolate(laws: readonly CellLaw[]): Extrapolation;
  /** Error of the limit itself. */
  readonly error: number;
  note(laws: readonly CellLaw[]): string;
}

async function limitOf(subject: Subject, t: number, signal: AbortSignal | undefined): Promise<Limit> {
  const { sde, target, learned } = subject;
  if (learned === null) {
    const truth = quantileLaw(perturbedAt(target, sde, t));
    const distances = (laws: readonly CellLaw[]) => laws.map((law) => numberText(cellDistances(law, truth).w2, 3));
    return {
      extrapolate: (laws) => extrapolateQuantiles(laws, truth),
      error: 1e-9,
      note: (laws) => ` (W2 ${distances(laws.slice(-2)).join(" → ")})`,
    };
  }
  const solution = await generate(subject, { t, signal });
  return {
    extrapolate: (laws) => extrapolateProbabilities(laws, densityCdf(solution, 1), solution.grid.edges),
    error: ownError(solution),
    note: () => ", and the error of the equation's density in L1",
  };
}
