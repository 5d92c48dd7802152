import type { Sde } from "../../sdes/types.js";
import { finiteVolumeDensity } from "../checks/finite-volume-density.js";
import type { DensitySolution } from "../fokker-planck/density-solution.js";
import { fokkerPlanck } from "../fokker-planck/fokker-planck.js";
import type { Fault, FaultGroup } from "./fault-group.js";

/** Faults of the solver of the Fokker–Planck equation. */
export const finiteVolumeFaults: FaultGroup = {
  place: "finite volumes",
  verifications: [finiteVolumeDensity],
  sound: (setting) => setting,
  faults: [
    inEquation("diffusion-not-halved", "D = g² in place of ½g²", (sde) => ({
      diffusion: (t) => Math.SQRT2 * sde.diffusion(t),
      // The clock τ = ½∫g² of separable equations is read off the transition.
      transition(from, to) {
        const { scale, variance } = sde.transition(from, to);
        return { scale, variance: 2 * variance };
      },
    })),
    {
      ...inEquation("no-drift", "drift left out", () => ({
        drift: (x, _t, out = new Float64Array(x.length)) => out.fill(0),
      })),
      exists: ({ sde }) => sde.driftCoefficient(0.5 * (sde.tMin + sde.tMax)) !== 0,
    },
    inSolution("cell-shift", "densities a cell too far right", ({ densities }) => ({
      densities: densities.map((density) => Float64Array.from(density, (_, i) => density[i - 1] ?? 0)),
    })),
    inSolution("mass-leak", "a billionth of the mass leaks at each time", ({ mass }) => ({
      mass: mass.map((value, k) => value * (1 - 1e-9 * k)),
    })),
    inSolution("negative-density", "a density of −1e-12", () => ({ minimum: -1e-12 })),
    inSolution("broken-off", "a run that broke off is taken for whole", () => ({
      status: "max-steps",
      message: "broken off on purpose",
    })),
  ],
};

function inEquation(name: string, mistake: string, change: (sde: Sde) => Partial<Sde>): Fault {
  return {
    name,
    mistake,
    plant: (setting) => ({
      ...setting,
      solve: (options) => fokkerPlanck({ ...options, sde: { ...options.sde, ...change(options.sde) } }),
    }),
  };
}

function inSolution(
  name: string,
  mistake: string,
  change: (solution: DensitySolution) => Partial<DensitySolution>,
): Fault {
  return {
    name,
    mistake,
    plant: (setting) => ({
      ...setting,
      async solve(options) {
        const solution = await fokkerPlanck(options);
        return { ...solution, ...change(solution) };
      },
    }),
  };
}
