import type { Model, Schedule } from "../../solvers/types.js";
import { defineModel } from "../scores/model.js";
import { rowsOfOneTime } from "../scores/rows-of-one-time.js";
import { scoreFunction } from "./fokker-planck/score-source.js";

/** A 1-D model whose score is change(score(x, at(t)), t, x): one with a planted mistake. */
export function modelFrom(
  model: Model,
  sde: Schedule,
  change: (score: number, t: number, x: number) => number,
  at: (t: number) => number = (t) => t,
): Model {
  const score = scoreFunction(model, sde);
  return defineModel({
    predicts: "score",
    dimension: 1,
    sde,
    evaluate({ x, times, count }, out) {
      const waits: Promise<void>[] = [];
      rowsOfOneTime(times, count, (t, first, next) => {
        const [points, values] = [x.subarray(first, next), out.subarray(first, next)];
        const finish = () => {
          for (let i = 0; i < values.length; i++) values[i] = change(values[i]!, t, points[i]!);
        };
        const answer = score(points, at(t), values);
        if (answer instanceof Promise) waits.push(answer.then(finish));
        else finish();
      });
      return waits.length === 0 ? undefined : Promise.all(waits).then(() => undefined);
    },
  });
}
