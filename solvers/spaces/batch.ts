import { modelAnswer } from "../model-answer.js";
import type { Awaitable, Interval, Model, NormedSpace } from "../types.js";
import { linearCombination } from "./linear-combination.js";

/** The space of sampled numbers: states are count × dimension arrays, row-major. */
export interface BatchSpace extends NormedSpace<Float64Array> {
  readonly name: "batch";
  readonly count: number;
  readonly dimension: number;
}

/** Writes the noise called (interval, step, slot) to `out`. */
export type NoiseSource = (interval: Interval, step: number, slot: number, out: Float64Array) => void;

/** What a batch of samples needs: a model, its size, and its noise. */
export interface BatchSpaceOptions {
  readonly model: Model;
  readonly count: number;
  /** Start states, count × dimension; copied. */
  readonly start: Float64Array;
  readonly noise: NoiseSource;
  readonly condition?: unknown;
}

/**
 * The batch space over a model.
 *
 * States come from a pool: `commit` takes back all but the ones it is given, so that a run allocates nothing after its first step.
 *
 * @throws UsageError from `evaluate` when the model returns an array of the wrong length
 */
export function batchSpace({ model, count, start, noise, condition }: BatchSpaceOptions): BatchSpace {
  const { dimension, predicts } = model;
  const length = count * dimension;
  const times = new Float64Array(count);
  const free: Float64Array[] = [];
  let live: Float64Array[] = [];
  let evaluations = 0;

  const take = () => {
    const buffer = free.pop() ?? new Float64Array(length);
    live.push(buffer);
    return buffer;
  };

  return {
    name: "batch",
    count,
    dimension,
    predicts,
    get evaluations() {
      return evaluations;
    },
    start() {
      const x = take();
      x.set(start);
      return x;
    },
    combine: (coefficients, states, into = take()) => linearCombination(coefficients, states, into),
    noise(interval, step, slot) {
      const out = take();
      noise(interval, step, slot, out);
      return out;
    },
    evaluate(x, t): Awaitable<Float64Array> {
      evaluations++;
      times.fill(t);
      const out = take();
      const batch = condition === undefined ? { x, times, count } : { x, times, count, condition };
      const answer = model.evaluate(batch, out);
      const accept = (given: unknown) => {
        const numbers = modelAnswer(given, out);
        if (numbers !== out) out.set(numbers);
        return out;
      };
      return answer instanceof Promise ? answer.then(accept) : accept(answer);
    },
    commit(x, kept = []) {
      const used = new Set([x, ...kept]);
      const before = live;
      live = [...used];
      for (const buffer of before) if (!used.has(buffer)) free.push(buffer);
      return x;
    },
    norms(state) {
      return Float64Array.from({ length: count }, (_, row) => {
        let sum = 0;
        for (let i = row * dimension; i < (row + 1) * dimension; i++) sum += state[i]! * state[i]!;
        return Math.sqrt(sum);
      });
    },
    combineRows(coefficients, states, into = take()) {
      for (let row = 0, i = 0; row < count; row++) {
        for (let column = 0; column < dimension; column++, i++) {
          let sum = 0;
          for (let k = 0; k < states.length; k++) sum += coefficients[k]![row]! * states[k]![i]!;
          into[i] = sum;
        }
      }
      return into;
    },
  };
}
