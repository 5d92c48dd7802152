import { exp, log } from "../../../solvers/math/elementary.js";

const SAFETY = 0.9;
const GROWTH = 4;
const SHRINK = 0.2;

/** The steps of a run, one after another. */
export interface StepControl {
  readonly direction: 1 | -1;
  /** Where the run stands. */
  readonly reading: number;
  /** Share of the whole range done. */
  readonly fraction: number;
  /** The step to try now, or null at the end; `smallest` is the shortest step that makes sense. */
  next(): { readonly c: number; readonly h: number; readonly smallest: number } | null;
  /** Moves on; true when an output has been reached. */
  accept(error: number): boolean;
  reject(error: number): void;
}

/** The way through `outputs`: where it begins, how long it is, and the share of it that lies before a reading. */
function wayThrough(outputs: Float64Array) {
  const [first, last] = [outputs[0]!, outputs[outputs.length - 1]!];
  const total = Math.abs(last - first);
  const direction: 1 | -1 = last >= first ? 1 : -1;
  return { first, total, direction, share: (reading: number) => (total > 0 ? Math.abs(reading - first) / total : 1) };
}

/** Fixed or adaptive steps through the readings `outputs`, which are all hit exactly. */
export function stepControl(
  outputs: Float64Array,
  steps: number | "adaptive",
  tolerance: number,
  order: number,
): StepControl {
  const { first, total, direction, share } = wayThrough(outputs);
  let target = 1;
  let reading = first;
  // Fixed steps: where the stretch began, its step and how many are left.
  let origin = first;
  let count = 0;
  let done = 0;
  // Adaptive steps: what the controller wants next.
  let wanted = 1e-4 * total;
  const plan = { c: first, h: 0, smallest: 0 };
  const factor = (error: number) => {
    const ratio = error > 0 ? SAFETY * exp(log(tolerance / error) / (order + 1)) : GROWTH;
    return Math.min(GROWTH, Math.max(SHRINK, ratio));
  };
  return {
    direction,
    get reading() {
      return reading;
    },
    get fraction() {
      return share(reading);
    },
    next() {
      if (target >= outputs.length) return null;
      const left = Math.abs(outputs[target]! - reading);
      plan.c = reading;
      if (steps === "adaptive") {
        // A step that would leave a sliver is shared with it.
        plan.h = wanted >= left ? left : wanted > 0.5 * left ? 0.5 * left : wanted;
        plan.smallest = Math.min(left, 1e-15 * total);
      } else {
        if (done === count) {
          origin = reading;
          done = 0;
          count = Math.max(1, Math.round((steps * left) / total));
        }
        plan.h = Math.abs(outputs[target]! - origin) / count;
      }
      return plan;
    },
    accept(error) {
      const left = Math.abs(outputs[target]! - reading);
      if (steps === "adaptive") {
        const grown = plan.h * factor(error);
        // A step cut short by an output says little about the next one.
        wanted = plan.h === left ? Math.max(wanted, grown) : grown;
        if (plan.h === left) reading = outputs[target++]!;
        else reading += direction * plan.h;
        return reading === outputs[target - 1];
      }
      done++;
      if (done < count) {
        reading = origin + direction * done * plan.h;
        return false;
      }
      reading = outputs[target++]!;
      return true;
    },
    reject(error) {
      wanted = plan.h * Math.min(0.5, factor(error));
    },
  };
}

/** The steps that end at the given readings, among which are the outputs. */
export function givenSteps(outputs: Float64Array, ends: readonly number[]): StepControl {
  const { first, direction, share } = wayThrough(outputs);
  let done = 0;
  let output = 1;
  let reading = first;
  return {
    direction,
    get reading() {
      return reading;
    },
    get fraction() {
      return share(reading);
    },
    next: () => (done < ends.length ? { c: reading, h: Math.abs(ends[done]! - reading), smallest: 0 } : null),
    accept() {
      reading = ends[done++]!;
      if (reading !== outputs[output]) return false;
      output++;
      return true;
    },
    reject() {},
  };
}
