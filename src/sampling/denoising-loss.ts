import { conversion } from "../../solvers/conversion.js";
import { modelAnswer } from "../../solvers/model-answer.js";
import { fillNormal } from "../../solvers/noise/normal.js";
import type { Model, Schedule } from "../../solvers/types.js";
import type { Target } from "../targets/types.js";

/** Rows that the mean is taken over; its relative error is about √(2/(rows · dimension)). */
const ROWS = 8192;

/**
 * E‖x₀ − x̂₀(α x₀ + σ ε)‖² per dimension for any model, as the mean over exact samples of the target: the denoising loss at t.
 *
 * The same for every run; remembered for each t.
 */
export function denoisingLoss(model: Model, sde: Schedule, target: Target): (t: number) => Promise<number> {
  const { dimension } = model;
  const known = new Map<number, Promise<number>>();
  let data: Float64Array | undefined;
  const measure = async (t: number) => {
    data ??= target.sample({ count: ROWS, seed: 0, stream: "training" }).data;
    const size = ROWS * dimension;
    const [x, noise, out] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
    fillNormal({ seed: 0, stream: "training", step: 1 }, 0, noise);
    const [alpha, sigma] = [sde.alpha(t), sde.sigma(t)];
    for (let i = 0; i < size; i++) x[i] = alpha * data[i]! + sigma * noise[i]!;
    const batch = { x, times: new Float64Array(ROWS).fill(t), count: ROWS };
    const answer = modelAnswer(await model.evaluate(batch, out), out);
    const map = conversion(model.predicts, "data", sde, t);
    let sum = 0;
    for (let i = 0; i < size; i++) {
      const error = data[i]! - map.state * x[i]! - map.prediction * answer[i]!;
      sum += error * error;
    }
    return sum / size;
  };
  return (t) => {
    const value = known.get(t) ?? measure(t);
    known.set(t, value);
    return value;
  };
}
