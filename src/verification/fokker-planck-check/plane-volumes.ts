import { UsageError } from "../../../solvers/errors.js";
import type { Check } from "../check.js";
import type { PlaneSolution } from "../fokker-planck/fokker-planck-2d.js";
import { settledPlaneMasses } from "../fokker-planck/plane-law.js";
import { perturbedAt } from "../laws/output-law.js";
import { judgeVolumes, type VolumeComparison } from "./finite-volumes.js";
import { ownBound } from "./own-bound.js";
import type { Subject } from "./subject.js";

/** Mass that a grid may lose, and the error of its quadratures. */
const MASS_TOLERANCE = 1e-5;
/** L1 error of one adaptive step. */
const STEP_TOLERANCE = 2e-5;
/** Cells along an axis at most: a finer grid is too slow, a coarser one has the larger bound. */
const MOST_CELLS = 200;
/** Where a stretch may begin, as shares of its range of λ: half of it is left out each time. */
const STARTS: readonly number[] = Array.from({ length: 9 }, (_, k) => 1 - 2 ** -k);

/**
 * (b) Finite volumes on product grids against the exact p_t: L1 at every time, mass and positivity.
 *
 * Each stretch between two times starts from the exact law at its first, on a grid of its own: a grid that must hold data and noise at
 * once would be coarse for both. Errors of stretches add up at most, since the equation never expands L1. A stretch whose first law has
 * details that no grid of 200 × 200 cells resolves begins later.
 */
export async function planeVolumes(
  subject: Subject,
  signal?: AbortSignal,
): Promise<{ readonly checks: Check[]; readonly solutions: readonly PlaneSolution[] }> {
  const { times } = subject;
  const solutions: PlaneSolution[] = [];
  const comparisons: VolumeComparison[] = [];
  for (let k = 0; k + 1 < times.length; k++) {
    const solution = await solveStretch(subject, times[k]!, times[k + 1]!, signal);
    signal?.throwIfAborted();
    solutions.push(solution);
    comparisons.push(compare(subject, solution, times[k + 1]!));
  }
  const runs = solutions.map((solution) => ({
    ...solution,
    cells: solution.x.widths.length * solution.y.widths.length,
  }));
  return { solutions, checks: judgeVolumes(comparisons, runs) };
}

async function solveStretch(
  { sde, equation, target, solvePlane }: Subject,
  first: number,
  to: number,
  signal: AbortSignal | undefined,
): Promise<PlaneSolution> {
  const [high, low] = [sde.logSnr(first), sde.logSnr(to)];
  for (const share of STARTS) {
    const isLast = share === STARTS[STARTS.length - 1];
    const from = share === 0 ? first : sde.timeAtLogSnr(high + share * (low - high));
    try {
      const solution = await solvePlane({
        sde: equation,
        initial: target,
        from,
        to,
        mostCells: MOST_CELLS,
        massTolerance: MASS_TOLERANCE,
        tolerance: STEP_TOLERANCE,
        estimateSpaceError: true,
        ...(signal === undefined ? {} : { signal }),
      });
      // Coarser grids that do not converge, and mass in outermost cells, say that the cells are too wide for the law on its way.
      if ((solution.spaceError !== null && solution.status === "success") || isLast) return solution;
    } catch (error) {
      if (!(error instanceof UsageError) || isLast) throw error;
    }
  }
  throw new UsageError("times: no start to try");
}

function compare({ sde, target }: Subject, solution: PlaneSolution, t: number): VolumeComparison {
  const { x, y, densities, times, spaceOrder } = solution;
  const ny = y.widths.length;
  const exact = settledPlaneMasses(perturbedAt(target, sde, t), x, y, MASS_TOLERANCE);
  const solved = densities[1];
  let error = solved === undefined ? Number.NaN : 0;
  solved?.forEach((density, k) => {
    error += Math.abs(density * x.widths[Math.floor(k / ny)]! * y.widths[k % ny]! - exact[k]!);
  });
  const order = spaceOrder === null ? "" : `, order ${spaceOrder.toFixed(2)} seen`;
  const cells = `${x.widths.length} × ${ny} cells against merged ones${order}`;
  const { allowed, reason } = ownBound(solution, cells);
  return { t, from: times[0]!, error, allowed: allowed + MASS_TOLERANCE, reason };
}
