import { conversion } from "./conversion.js";
import { UsageError } from "./errors.js";
import { NoiseSlot } from "./noise/slots.js";
import type { GridStep, Prediction, Problem, Schedule, Space, State } from "./types.js";

/** What a step of a solver works with. */
export interface StepContext<S extends State> {
  readonly schedule: Schedule;
  readonly space: Space<S>;
  /** Number of steps of the whole grid. */
  readonly steps: number;
  /** ∇log p_t(x). */
  score(x: S, t: number): Promise<S>;
  /** E[ε | x_t = x]. */
  epsilon(x: S, t: number): Promise<S>;
  /** E[x₀ | x_t = x]. */
  denoise(x: S, t: number): Promise<S>;
  /** E‖x₀ − E[x₀ | x_t]‖² per dimension. @throws UsageError where the problem does not know it */
  denoisingError(t: number): Promise<number>;
  /** N(0, I) that belongs to the interval of `step`. */
  normal(step: GridStep, slot?: number): S;
}

/** The context of a problem: its model in every prediction. */
export function stepContext<S extends State>(problem: Problem<S>): StepContext<S> {
  const { schedule, space, grid } = problem;
  const predict = (wanted: Prediction) => async (x: S, t: number) => {
    const predicted = await space.evaluate(x, t);
    if (space.predicts === wanted) return predicted;
    const map = conversion(space.predicts, wanted, schedule, t);
    return space.combine([map.state, map.prediction], [x, predicted], predicted);
  };
  return {
    schedule,
    space,
    steps: grid.times.length - 1,
    score: predict("score"),
    epsilon: predict("noise"),
    denoise: predict("data"),
    async denoisingError(t) {
      if (problem.denoisingError !== undefined) return problem.denoisingError(t);
      throw new UsageError(
        "variance: 'optimal' needs the mean square error of the denoiser, but it is not known - give the data as target, or denoisingError(t)",
      );
    },
    normal: ({ index, t, u }, slot = NoiseSlot.PREDICTOR) => space.noise({ from: t, to: u }, index, slot),
  };
}
