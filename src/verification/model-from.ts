import type { Model, Schedule } from "../../solvers/types.js";
import { defineModel } from "../scores/model.js";
import { rowsOfOneTime } from "../scores/rows-of-one-time.js";
import { modelScore } from "./fokker-planck/score-source.js";

/** What is wrong with a score. */
export interface ScoreChange {
  /** What is answered in place of the score at (x, t), number by number. */
  readonly value?: (score: number, t: number, x: number) => number;
  /** Changes the scores of all rows at one time in place, after `value`. */
  readonly rows?: (scores: Float64Array, t: number) => void;
  /** The time that is asked for in place of t. */
  readonly at?: (t: number) => number;
  /** The place that is asked for in place of x, number by number. */
  readonly place?: (x: number, t: number) => number;
}

/** A model of any dimension with a planted mistake: rows(value(score(place(x, t), at(t)), t, x), t). */
export function modelFrom(model: Model, sde: Schedule, { value, rows, at = (t) => t, place }: ScoreChange): Model {
  const { dimension } = model;
  const score = modelScore(model, sde);
  return defineModel({
    predicts: "score",
    dimension,
    sde,
    evaluate({ x, times, count }, out) {
      const waits: Promise<void>[] = [];
      rowsOfOneTime(times, count, (t, first, next) => {
        const range = [first * dimension, next * dimension] as const;
        const [points, values] = [x.subarray(...range), out.subarray(...range)];
        const finish = () => {
          if (value !== undefined) {
            for (let i = 0; i < values.length; i++) values[i] = value(values[i]!, t, points[i]!);
          }
          rows?.(values, t);
        };
        const asked = place === undefined ? points : points.map((point) => place(point, t));
        const answer = score(asked, at(t), values);
        if (answer instanceof Promise) waits.push(answer.then(finish));
        else finish();
      });
      return waits.length === 0 ? undefined : Promise.all(waits).then(() => undefined);
    },
  });
}

/** The time at which λ is lower by delta, at most tMax. */
export function laterBy(sde: Schedule, delta: number): (t: number) => number {
  const lowest = sde.logSnr(sde.tMax);
  return (t) => {
    const lambda = sde.logSnr(t) - delta;
    return lambda <= lowest ? sde.tMax : sde.timeAtLogSnr(lambda);
  };
}
