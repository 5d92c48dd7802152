import { fillNormal } from "../../solvers/noise/normal.js";
import { exactScore } from "../scores/exact-score.js";
import type { Target } from "../targets/types.js";
import { type LearningNetwork, learningModel } from "./learning-model.js";
import { TrainingRun, TrainingSlot } from "./training-slot.js";

/** The true score error at one time. */
export interface ScoreErrorBucket {
  readonly t: number;
  /** E‖s_θ − s‖² σ² over x ~ p_t, a number without unit; the noise prediction's squared error. */
  readonly value: number;
}

export interface ScoreErrorOptions extends LearningNetwork {
  readonly target: Target;
  readonly seed: number;
}

/** Measures a learning network with the parameters it is given. */
export interface Probe<T> {
  measure(parameters: Float32Array, signal?: AbortSignal): Promise<T>;
  dispose(): Promise<void>;
}

/** Times of a probe, in the middle of equal shares of the λ range, and rows at each. */
const TIMES = 8;
const ROWS = 256;
/** As many pixels as a row of this many numbers has are evaluated at most. */
const MOST_NUMBERS = 2 ** 17;
const CHUNK = 256;

/** Measures the error of a network's score against the exact one, on the same points each time it is asked. */
export async function scoreErrorProbe(options: ScoreErrorOptions): Promise<Probe<ScoreErrorBucket[]>> {
  const { target, sde, seed } = options;
  const { dimension } = target;
  const rows = Math.max(16, Math.min(ROWS, Math.floor(MOST_NUMBERS / (TIMES * dimension))));
  const count = TIMES * rows;
  const low = sde.logSnr(sde.tMax);
  const span = sde.logSnr(sde.tMin) - low;
  const buckets = Array.from({ length: TIMES }, (_, k) => sde.timeAtLogSnr(low + ((k + 0.5) / TIMES) * span));
  const times = Float64Array.from({ length: count }, (_, row) => buckets[Math.floor(row / rows)]!);
  const run = TrainingRun.SCORE_ERROR;
  const data = target.sample({ count, seed, run, stream: "training" }).data;
  const x = new Float64Array(count * dimension);
  fillNormal({ seed, stream: "training", run, slot: TrainingSlot.NOISE }, 0, x);
  for (let i = 0; i < x.length; i++) {
    const t = times[Math.floor(i / dimension)]!;
    x[i] = sde.alpha(t) * data[i]! + sde.sigma(t) * x[i]!;
  }
  const exact = new Float64Array(x.length);
  await exactScore(target, sde).evaluate({ x, times, count }, exact);
  const learning = await learningModel(options, { chunk: Math.min(CHUNK, count), predicts: "score" });
  const learnt = new Float64Array(x.length);
  return {
    async measure(parameters) {
      await learning.at(parameters).evaluate({ x, times, count }, learnt);
      return buckets.map((t, k) => {
        let sum = 0;
        for (let i = k * rows * dimension; i < (k + 1) * rows * dimension; i++) {
          const error = sde.sigma(t) * (learnt[i]! - exact[i]!);
          sum += error * error;
        }
        return { t, value: sum / rows };
      });
    },
    dispose: () => learning.dispose(),
  };
}
