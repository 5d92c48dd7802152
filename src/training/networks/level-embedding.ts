import { exp, log } from "../../../solvers/math/elementary.js";
import { fillNormal } from "../../../solvers/noise/normal.js";
import type { Tensor, TensorFlow } from "../../engine/index.js";
import { TrainingSlot } from "../training-slot.js";

/** How the noise level enters a network. */
export interface LevelEmbedding {
  /** `sinusoidal`: geometric frequencies; `fourier`: normally distributed ones (Tancik et al. 2020). */
  readonly embedding: "sinusoidal" | "fourier";
  /** Number of frequencies, ≥ 1. */
  readonly frequencies: number;
  /** Highest frequency (or standard deviation of the random ones) in half turns over the range of levels. */
  readonly bandwidth: number;
}

/** Number of features of `embedLevel`. */
export function levelFeatures({ frequencies }: LevelEmbedding): number {
  return 2 * frequencies + 1;
}

/** The level, and sin and cos of π · frequency · level: [batch] → [batch, 2 · frequencies + 1]. */
export function embedLevel(tf: TensorFlow, level: Tensor, embedding: LevelEmbedding): Tensor {
  const column = tf.reshape(level, [level.shape[0]!, 1]);
  const turns = Array.from(frequenciesOf(embedding), (frequency) => Math.PI * frequency);
  const angles = tf.mul(column, tf.tensor2d(turns, [1, turns.length]));
  return tf.concat([column, tf.sin(angles), tf.cos(angles)], 1);
}

function frequenciesOf({ embedding, frequencies, bandwidth }: LevelEmbedding): Float64Array {
  const out = new Float64Array(frequencies);
  if (embedding === "fourier") {
    fillNormal({ seed: 0, stream: "training", slot: TrainingSlot.FREQUENCIES }, 0, out);
    return out.map((z) => bandwidth * z);
  }
  const lowest = 0.5;
  const ratio = log(bandwidth / lowest) / Math.max(1, frequencies - 1);
  return out.map((_, index) => lowest * exp(ratio * index));
}
