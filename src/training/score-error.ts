import { fillNormal } from "../../solvers/noise/normal.js";
import type { Engine } from "../engine/index.js";
import { exactScore } from "../scores/exact-score.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import { chunkedEvaluation } from "./chunked-evaluation.js";
import { compileNetwork, MODEL_CHUNK } from "./network-model.js";
import type { Network } from "./networks/network.js";
import { type Preconditioning, predictionMap } from "./preconditioning.js";
import { TrainingRun, TrainingSlot } from "./training-slot.js";

/** The true score error at one time. */
export interface ScoreErrorBucket {
  readonly t: number;
  /** E‖s_θ − s‖² σ² over x ~ p_t, a number without unit; the noise prediction's squared error. */
  readonly value: number;
}

export interface ScoreErrorOptions {
  readonly target: Target;
  readonly sde: Sde;
  readonly network: Network;
  readonly preconditioning: Preconditioning;
  readonly engine: Engine;
  readonly seed: number;
}

/** Times of a probe, in the middle of equal shares of the λ range, and rows at each. */
const TIMES = 8;
const ROWS = 256;

/** Measures the error of a network's score against the exact one, on the same points each time it is asked. */
export async function scoreErrorProbe(
  options: ScoreErrorOptions,
): Promise<(parameters: Float32Array) => Promise<ScoreErrorBucket[]>> {
  const { target, sde, network, preconditioning, engine, seed } = options;
  const { dimension } = target;
  const count = TIMES * ROWS;
  const low = sde.logSnr(sde.tMax);
  const span = sde.logSnr(sde.tMin) - low;
  const buckets = Array.from({ length: TIMES }, (_, k) => sde.timeAtLogSnr(low + ((k + 0.5) / TIMES) * span));
  const times = Float64Array.from({ length: count }, (_, row) => buckets[Math.floor(row / ROWS)]!);
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
  const program = await compileNetwork(engine, network, MODEL_CHUNK);
  const learnt = new Float64Array(x.length);
  return async (parameters) => {
    const evaluate = chunkedEvaluation({
      network: { classes: network.classes },
      chunk: MODEL_CHUNK,
      dimension,
      run: (inputs) => program.run([parameters, ...inputs]),
      at: (t) => predictionMap(preconditioning, "score", sde, t),
    });
    await evaluate({ x, times, count }, learnt);
    return buckets.map((t, k) => {
      let sum = 0;
      for (let i = k * ROWS * dimension; i < (k + 1) * ROWS * dimension; i++) {
        const error = sde.sigma(t) * (learnt[i]! - exact[i]!);
        sum += error * error;
      }
      return { t, value: sum / ROWS };
    });
  };
}
