import { type OneStepFactory, oneStepSolver, type Step } from "../../../solvers/one-step.js";
import { stepTransition } from "../../../solvers/transition.js";
import { kernels } from "../checks/kernels.js";
import { solverLimits } from "../checks/solver-limits.js";
import type { Fault, FaultGroup } from "./fault-group.js";

const rootOf = (g: number, h: number) => g * Math.sqrt(h);
const deviationOf = (sigma: number, share: number) => sigma * Math.sqrt(share);

/** Faults of Euler–Maruyama and of DDPM's step. */
export const solverFaults: FaultGroup = {
  place: "solver",
  verifications: [solverLimits, kernels],
  sound: (setting) => ({ ...setting, solvers: [euler(1, rootOf).create(), posterior(deviationOf).create()] }),
  faults: [
    inSolver("halved-drift", "reverse drift f − ½g²s with the full noise", euler(0.5, rootOf)),
    inSolver("score-sign", "reverse drift with the score's sign turned", euler(-1, rootOf)),
    inSolver(
      "noise-by-step",
      "noise g h in place of g √h",
      euler(1, (g, h) => g * h),
    ),
    inSolver(
      "noise-doubled",
      "noise of twice the variance",
      euler(1, (g, h) => Math.SQRT2 * rootOf(g, h)),
    ),
    inSolver(
      "ddpm-noise",
      "DDPM with noise σ_u in place of σ_u σ̃",
      posterior((sigma) => sigma),
    ),
    inSolver(
      "ddpm-variance",
      "DDPM with its variance taken for the deviation",
      posterior((sigma, share) => sigma * sigma * share),
    ),
  ],
};

function inSolver(name: string, mistake: string, factory: OneStepFactory): Fault {
  const solver = factory.create();
  return {
    name,
    mistake,
    plant: (setting) => ({
      ...setting,
      solvers: setting.solvers.map((sound) => (sound.name === solver.name ? solver : sound)),
    }),
  };
}

function make(name: string, step: Step): OneStepFactory {
  const facts = { summary: "", source: "", order: 1, evaluationsPerStep: 1, options: {} };
  return oneStepSolver({ ...facts, name, stochastic: true, step: () => step });
}

/** Euler–Maruyama with a weight of g²s and its own size of the noise. */
function euler(weight: number, noise: (g: number, h: number) => number): OneStepFactory {
  return make("em", async ({ schedule, space, score, normal }, x, step) => {
    const h = step.t - step.u;
    const [f, g] = [schedule.driftCoefficient(step.t), schedule.diffusion(step.t)];
    const s = await score(x, step.t);
    return space.combine([1 - h * f, weight * h * g * g, noise(g, h)], [x, s, normal(step)]);
  });
}

/** DDPM with its own deviation of the noise, from σ_u and σ̃². */
function posterior(deviation: (sigma: number, share: number) => number): OneStepFactory {
  return make("ddpm", async ({ schedule, space, denoise, normal }, x, step) => {
    const { ratio, sigmaU, sigmaT, alphaU, newShare } = stepTransition(schedule, step.t, step.u);
    const data = await denoise(x, step.t);
    const state = (ratio * sigmaU * sigmaU) / (sigmaT * sigmaT);
    return space.combine([state, alphaU * newShare, deviation(sigmaU, newShare)], [x, data, normal(step)]);
  });
}
