import { atMost, type Check } from "../check.js";
import { cellAverages, densityL1 } from "../fokker-planck/density-distances.js";
import type { DensitySolution } from "../fokker-planck/density-solution.js";
import { targetLaw } from "../fokker-planck/line-law.js";
import { evenTimes } from "../probe-times.js";
import type { Subject } from "./subject.js";

/** Densities kept between two times of a check, for pictures. */
const KEPT_BETWEEN = 10;

/** (b) Finite volumes against the exact p_t: L1 at every time, mass and positivity. */
export async function finiteVolumes(
  subject: Subject,
  signal?: AbortSignal,
): Promise<{ readonly checks: Check[]; readonly solution: DensitySolution }> {
  const { equation, sde, target, times, solve } = subject;
  const intervals = times.length - 1;
  const solution = await solve({
    sde: equation,
    initial: target,
    times: evenTimes(sde, KEPT_BETWEEN * intervals),
    estimateSpaceError: true,
    ...(signal === undefined ? {} : { signal }),
  });
  const { grid, mass, minimum, status, message } = solution;
  const allowed = 2 * ((solution.spaceError ?? Number.NaN) + (solution.timeError ?? Number.NaN)) + solution.lostMass;
  const reason = `twice the run's own estimates: ${(solution.spaceError ?? Number.NaN).toExponential(1)} in space (cells merged in pairs) + ${(solution.timeError ?? Number.NaN).toExponential(1)} in time${status === "success" ? "" : `; ${status}: ${message}`}`;
  const checks = Array.from(times.subarray(1), (t, index) =>
    atMost(
      densityL1(grid, densityAt(solution, (index + 1) * KEPT_BETWEEN), cellAverages(grid, targetLaw(target, sde, t))),
      status === "success" ? allowed : Number.NaN,
      {
        name: `finite-volumes t=${Number(t.toPrecision(3))}`,
        statement: 7,
        claim: `the solved density is p_t at t = ${Number(t.toPrecision(3))} (L1)`,
        reason,
      },
    ),
  );
  const drift = mass.reduce((most, value) => Math.max(most, Math.abs(value - mass[0]!)), 0);
  return {
    solution,
    checks: [
      ...checks,
      atMost(drift, 1e-12, {
        name: "mass",
        claim: "no mass appears or disappears (largest change)",
        reason: "rounding of a conservative scheme over all steps",
      }),
      atMost(-minimum, 0, {
        name: "positivity",
        claim: "no density is negative (minus the least)",
        reason: "the scheme is limited to stay positive",
      }),
    ],
  };
}

/** The k-th density, NaN where the run ended before. */
function densityAt({ densities, grid }: DensitySolution, k: number): Float64Array {
  return densities[k] ?? new Float64Array(grid.widths.length).fill(Number.NaN);
}
