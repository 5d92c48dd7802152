import { UsageError } from "../../../solvers/errors.js";
import { numberText } from "../../../solvers/number-text.js";
import type { Sde } from "../../sdes/types.js";
import { normalCdf, normalSurvival } from "../../targets/special/normal.js";
import type { Target } from "../../targets/types.js";
import { type DensitySolution, densitySolution } from "./density-solution.js";
import { type EvolveOptions, evolve } from "./evolve.js";
import { reverseField } from "./field.js";
import { checkOptions, type FokkerPlanckOptions, keepsSteps, outputTimes } from "./fokker-planck-options.js";
import { GeneratorSource } from "./generator-source.js";
import { type GridDensity, isTarget, type LineLaw, targetLaw } from "./line-law.js";
import type { Mesh } from "./mesh.js";
import { reverseMesh } from "./reverse-mesh.js";
import { type ScoreSource, scoreFunction } from "./score-source.js";
import { solveOnCells } from "./solve-on-cells.js";
import { lineSpaceError } from "./space-error.js";
import { startLaw } from "./start-law.js";

/** Options of `reverseFokkerPlanck`. */
export interface ReverseOptions extends FokkerPlanckOptions {
  readonly sde: Sde;
  /** The score that drives the equation, exact or learned: a model of dimension 1, or (x, t) → score. */
  readonly score: ScoreSource;
  /** Share η ∈ (0, 1] of the noise, default 1 (the reverse SDE). */
  readonly eta?: number;
  /** The law at `from`: 'prior' (the default), a target (its law under the SDE at `from`), or as in `fokkerPlanck`. */
  readonly start?: "prior" | Target | LineLaw | GridDensity | Float64Array;
  /** Start, default sde.tMax. */
  readonly from?: number;
  /** End, below `from`, default sde.tMin. */
  readonly to?: number;
}

/**
 * The density that a score generates in continuous time: solves the reverse-time equation of the η-family, drift −f + ½(1 + η²) g² s and
 * diffusion ηg, from `from` down to `to`, by the finite volumes of `fokkerPlanck`. No sampling.
 *
 * With s = ∂ log p_t/∂x every η gives p_t. Order 2 in the cell width, first order where |drift| Δx ≫ η² g² (small η).
 * Source: Anderson 1982; Huang, Lim & Courville 2021.
 *
 * @throws UsageError for η outside (0, 1], the exponential scheme, and as `fokkerPlanck`.
 */
export async function reverseFokkerPlanck(options: ReverseOptions): Promise<DensitySolution> {
  const { sde, score, eta = 1, start = "prior", from = sde.tMax, to = sde.tMin, times, signal, onStep } = options;
  const { estimateSpaceError = false } = options;
  const checked = checkOptions(options);
  if (!(eta > 0 && eta <= 1)) throw new UsageError(etaMessage(eta));
  if (!(to < from && to >= 0 && Number.isFinite(from))) {
    throw new UsageError(
      `from: must be above to ≥ 0, but got from = ${numberText(from)} and to = ${numberText(to)} - use fokkerPlanck forward in time`,
    );
  }
  if (checked.scheme === "exponential") {
    throw new UsageError("scheme: must be a stepwise one in reverse time, but got 'exponential' - use 'tr-bdf2'");
  }
  const outputs = outputTimes(times, from, to);
  const end = outputs[outputs.length - 1]!;
  const field = reverseField(sde, scoreFunction(score, sde), eta);
  const target = start !== "prior" && !(start instanceof Float64Array) && isTarget(start) ? start : null;
  const endLaw = target !== null && sde.linear ? targetLaw(target, sde, end) : null;
  const law = startLaw(start === "prior" ? priorLaw(sde) : start, sde, from, options.domain);
  const run = (on: Mesh, initialMasses: Float64Array, how: Partial<EvolveOptions>) =>
    evolve(new GeneratorSource(on, field), initialMasses, outputs, { ...checked, keepSteps: false, signal, ...how });
  const solve = async (mesh: Mesh) => {
    const { masses, lostMass } = law.on(mesh);
    const evolution = await run(mesh, masses, { keepSteps: keepsSteps(times), onStep });
    const space = estimateSpaceError ? await lineSpaceError(run, mesh, evolution, outputs) : null;
    const kept = Float64Array.from(evolution.readings);
    return densitySolution(mesh, evolution, kept, { lostMass, massTolerance: checked.massTolerance, space });
  };
  const mesh = await reverseMesh(law, { sde, field, from, to: end, checked, endLaw, signal });
  return solveOnCells(solve, mesh, law, checked, estimateSpaceError);
}

/** N(0, prior²) of an SDE. */
function priorLaw(sde: Sde): LineLaw {
  const deviation = sde.priorStandardDeviation;
  return { cdf: (x) => normalCdf(x / deviation), survival: (x) => normalSurvival(x / deviation) };
}

function etaMessage(eta: number): string {
  return eta === 0
    ? "eta: must be in (0, 1], but got 0, the probability-flow ODE, which has no diffusion - it carries quantiles: use exactTransport, or rk45 for a learned score"
    : `eta: must be in (0, 1], but got ${eta} - η multiplies the standard deviation of the noise, 1 is the reverse SDE`;
}
