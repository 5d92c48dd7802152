import { suggestion, UsageError } from "./errors.js";
import { ddim } from "./exponential/ddim.js";
import { ddpm } from "./exponential/ddpm.js";
import { dpmSolver2 } from "./exponential/dpm-solver-2.js";
import { dpmSolver3 } from "./exponential/dpm-solver-3.js";
import { dpmSolverPlusPlus2M } from "./exponential/dpm-solver-plus-plus-2m.js";
import { dpmSolverPlusPlus2MSde } from "./exponential/dpm-solver-plus-plus-2m-sde.js";
import { dpmSolverPlusPlus2S } from "./exponential/dpm-solver-plus-plus-2s.js";
import { edmHeun } from "./exponential/edm-heun.js";
import { deis, dpmSolverPlusPlus3M, linearMultistep } from "./exponential/exponential-adams.js";
import { exponentialEulerMaruyama } from "./exponential/exponential-euler-maruyama.js";
import { saSolver } from "./exponential/sa-solver.js";
import { uniPc } from "./exponential/uni-pc.js";
import {
  cosineGrid,
  exponentialGrid,
  type GridFactory,
  karrasGrid,
  logSnrGrid,
  quadraticGrid,
  uniformGrid,
} from "./grids/grids.js";
import { rk23, rk45 } from "./ode/adaptive-probability-flow.js";
import { probabilityFlowEuler, probabilityFlowHeun, probabilityFlowRk4 } from "./ode/probability-flow.js";
import type { SolverFactory } from "./one-step.js";
import { ancestral } from "./sde/ancestral.js";
import { eulerMaruyama } from "./sde/euler-maruyama.js";
import { predictorCorrector } from "./sde/predictor-corrector.js";
import { reverseDiffusion } from "./sde/reverse-diffusion.js";
import { stochasticHeun } from "./sde/stochastic-heun.js";
import { shark, sra1 } from "./sde/stochastic-runge-kutta.js";

/** Every solver by name. */
export const solvers: readonly SolverFactory[] = [
  eulerMaruyama,
  reverseDiffusion,
  ancestral,
  ddpm,
  stochasticHeun,
  sra1,
  shark,
  exponentialEulerMaruyama,
  predictorCorrector,
  probabilityFlowEuler,
  probabilityFlowHeun,
  probabilityFlowRk4,
  ddim,
  dpmSolver2,
  dpmSolver3,
  dpmSolverPlusPlus2S,
  dpmSolverPlusPlus2M,
  dpmSolverPlusPlus3M,
  dpmSolverPlusPlus2MSde,
  saSolver,
  uniPc,
  deis,
  linearMultistep,
  edmHeun,
  rk45,
  rk23,
];

/** Every grid by name. */
export const grids: readonly GridFactory[] = [
  uniformGrid,
  quadraticGrid,
  logSnrGrid,
  karrasGrid,
  exponentialGrid,
  cosineGrid,
];

/** The solver factory of that name. @throws UsageError with the nearest name */
export function findSolver(name: string): SolverFactory {
  return find("solver", solvers, name);
}

/** The grid factory of that name. @throws UsageError with the nearest name */
export function findGrid(name: string): GridFactory {
  return find("grid", grids, name);
}

function find<T extends { readonly name: string }>(what: string, entries: readonly T[], name: string): T {
  const found = entries.find((entry) => entry.name === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `${what}: unknown name '${name}'.${suggestion(
      name,
      entries.map((entry) => entry.name),
    )}`,
  );
}
