import { type OneStepFactory, oneStepSolver, type Step } from "../one-step.js";
import { choiceOption } from "../options.js";
import type { StepContext } from "../step-context.js";
import type { GridStep, State } from "../types.js";
import { rhoClock, timeClock } from "./clock.js";
import { euler, heun, rk4, type Tableau } from "./tableaus.js";

/** Explicit Euler on the probability-flow ODE. */
export const probabilityFlowEuler = probabilityFlow("ode-euler", "Euler's method", euler);

/** Heun's method on the probability-flow ODE. */
export const probabilityFlowHeun = probabilityFlow("ode-heun", "Heun's method", heun);

/** The classical Runge–Kutta method on the probability-flow ODE. */
export const probabilityFlowRk4 = probabilityFlow("ode-rk4", "The classical Runge–Kutta method", rk4);

/** An explicit Runge–Kutta method on the probability-flow ODE, in t or in ρ = σ/α, where it becomes exponential. */
function probabilityFlow(name: string, method: string, tableau: Tableau): OneStepFactory {
  return oneStepSolver({
    name,
    summary: `${method} on the probability-flow ODE, in t or in ρ = σ/α`,
    source: `Song et al. 2021 (arXiv 2011.13456) eq. 13; ${tableau.source}`,
    stochastic: false,
    order: tableau.order,
    evaluationsPerStep: tableau.weights.length,
    options: {
      variable: choiceOption(
        ["t", "rho"],
        "t",
        "independent variable: t, or rho = σ/α with y = x/α (exponential form)",
      ),
    },
    step: ({ variable }) => rungeKuttaStep(tableau, variable),
  });
}

function rungeKuttaStep({ nodes, matrix, weights }: Tableau, variable: "t" | "rho"): Step {
  return async <S extends State>(context: StepContext<S>, x: S, { t, u }: GridStep) => {
    const { space, schedule } = context;
    const clock = variable === "t" ? timeClock(schedule) : rhoClock(schedule);
    const from = clock.at(t);
    const h = clock.at(u) - from;
    const slopes: S[] = [];
    let stage = x;
    const advance = (row: readonly number[], time: number) =>
      space.combine(
        [clock.scale(time) / clock.scale(t), ...row.map((a) => clock.scale(time) * h * a)],
        [x, ...slopes],
        stage === x ? undefined : stage,
      );
    for (const [index, node] of nodes.entries()) {
      const time = node === 0 ? t : node === 1 ? u : clock.time(from + node * h);
      if (index > 0) stage = advance(matrix[index]!, time);
      slopes.push(await clock.slope(context, stage, time));
    }
    return advance(weights, u);
  };
}
