import { UsageError } from "../../../solvers/errors.js";
import { numberText } from "../../../solvers/number-text.js";
import type { Sde } from "../../sdes/types.js";
import type { Target } from "../../targets/types.js";
import { type ClockName, forwardClock } from "./clock.js";
import { type DensitySolution, densitySolution, timesOfReadings } from "./density-solution.js";
import { type EvolveOptions, evolve } from "./evolve.js";
import { evolveExponential } from "./evolve-exponential.js";
import { diffusivity } from "./field.js";
import { checkOptions, type FokkerPlanckOptions, keepsSteps, outputTimes } from "./fokker-planck-options.js";
import { forwardMesh } from "./forward-mesh.js";
import { GeneratorSource } from "./generator-source.js";
import type { GridDensity, LineLaw } from "./line-law.js";
import type { Mesh } from "./mesh.js";
import { solveOnCells } from "./solve-on-cells.js";
import { lineSpaceError } from "./space-error.js";
import { startLaw } from "./start-law.js";

/** Options of `fokkerPlanck`. */
export interface ForwardOptions extends FokkerPlanckOptions {
  /** The forward SDE; its drift may be nonlinear in x. */
  readonly sde: Sde;
  /**
   * The law at `from`: a 1-D target (under a linear SDE: the data law, carried to `from` exactly), a distribution function, or averages
   * on cells, with their edges or on equal cells of `domain`.
   */
  readonly initial: Target | LineLaw | GridDensity | Float64Array;
  /** Start, default sde.tMin. */
  readonly from?: number;
  /** End, default sde.tMax. */
  readonly to?: number;
  /** Variable of the steps, default τ = ½∫g² for linear SDEs of constant f/g², else t. */
  readonly clock?: ClockName;
}

/**
 * Solves ∂p/∂t = −∂(f p)/∂x + ½ g² ∂²p/∂x² on a line by finite volumes with Scharfetter–Gummel fluxes and zero-flux walls.
 *
 * Cell averages of order 2 in the cell width; mass is kept to rounding and no density is negative. Adaptive TR-BDF2 by default.
 * Numerical trouble is told by `status` and `message`.
 * Sources: Scharfetter & Gummel 1969; Chang & Cooper 1970; Bank et al. 1985 (TR-BDF2).
 *
 * @throws UsageError for bad options, no diffusion, dimension above 1, or a domain or cells that cannot hold the law.
 */
export async function fokkerPlanck(options: ForwardOptions): Promise<DensitySolution> {
  const {
    sde,
    initial,
    from = sde.tMin,
    to = sde.tMax,
    clock: clockName = "auto",
    times,
    estimateSpaceError = false,
    signal,
    onStep,
  } = options;
  const checked = checkOptions(options);
  if (!(from < to && Number.isFinite(to))) {
    throw new UsageError(
      `from: must be below to, but got from = ${numberText(from)} and to = ${numberText(to)} - use reverseFokkerPlanck to go back in time`,
    );
  }
  checkDiffusion(sde, from, to);
  const outputs = outputTimes(times, from, to);
  const end = outputs[outputs.length - 1]!;
  const isExponential = checked.scheme === "exponential";
  const clock = forwardClock(sde, from, end, isExponential ? "tau" : clockName);
  const readings = outputs.map((t) => clock.reading(t));
  const start = startLaw(initial, sde, from, options.domain);
  const run = (on: Mesh, initialMasses: Float64Array, how: Partial<EvolveOptions>) => {
    const source = new GeneratorSource(on, clock.field);
    return isExponential
      ? evolveExponential(source, initialMasses, readings)
      : evolve(source, initialMasses, readings, { ...checked, keepSteps: false, signal, ...how });
  };
  const solve = async (mesh: Mesh) => {
    const { masses, lostMass } = start.on(mesh);
    const evolution = await run(mesh, masses, { keepSteps: keepsSteps(times), onStep });
    const keptTimes = timesOfReadings(evolution.readings, { times: outputs, readings }, clock);
    const space = estimateSpaceError ? await lineSpaceError(run, mesh, evolution, readings) : null;
    return densitySolution(mesh, evolution, keptTimes, { lostMass, massTolerance: checked.massTolerance, space });
  };
  const mesh = await forwardMesh(start, { sde, clock, from, to: end, checked, signal });
  return solveOnCells(solve, mesh, start, checked, estimateSpaceError);
}

/** Refuses an SDE that is deterministic throughout, or whose g is not a number. */
function checkDiffusion(sde: Sde, from: number, to: number): void {
  let largest = 0;
  for (let k = 0; k <= 16; k++) {
    const t = from + ((to - from) * k) / 16;
    const d = diffusivity(sde, t);
    if (!Number.isFinite(d)) {
      throw new UsageError(
        `sde: g(t) must be finite, but got ${sde.diffusion(t)} at t = ${numberText(t)} - shorten [from, to]`,
      );
    }
    largest = Math.max(largest, d);
  }
  if (largest === 0) {
    throw new UsageError(
      `sde: g must not vanish on the whole of [${numberText(from)}, ${numberText(to)}], but '${sde.name}' has no diffusion there - a deterministic flow carries quantiles: use exactTransport`,
    );
  }
}
