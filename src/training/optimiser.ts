import { cos, pow } from "../../solvers/math/elementary.js";

/** Settings of Adam with decoupled weight decay. */
export interface OptimiserSettings {
  /** Highest learning rate, > 0. */
  readonly learningRate: number;
  /** Steps over which the rate rises linearly from 0. */
  readonly warmUp: number;
  /** `cosine` falls to 0 at the last step; `constant` stays. */
  readonly decay: "cosine" | "constant";
  /** Exponential decay rates of the moments, in [0, 1). */
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  /** Decoupled weight decay per unit of learning rate, ≥ 0. */
  readonly weightDecay: number;
  /** Largest Euclidean norm of the gradient; longer ones are scaled down. Infinity for none. */
  readonly clip: number;
  /** Decay of the averaged parameters, in [0, 1); the first steps use less, see `averagingDecay`. */
  readonly average: number;
}

/** Everything of a training run that changes from step to step. */
export interface OptimiserState {
  readonly parameters: Float32Array;
  readonly firstMoment: Float64Array;
  readonly secondMoment: Float64Array;
  /** Exponential moving average of the parameters. */
  readonly average: Float64Array;
}

/** The state before the first step. */
export function initialState(parameters: Float32Array): OptimiserState {
  return {
    parameters,
    firstMoment: new Float64Array(parameters.length),
    secondMoment: new Float64Array(parameters.length),
    average: Float64Array.from(parameters),
  };
}

/** Learning rate of step `step` (from 0) of `steps`. */
export function learningRateAt(
  { learningRate, warmUp, decay }: Pick<OptimiserSettings, "learningRate" | "warmUp" | "decay">,
  step: number,
  steps: number,
): number {
  const rise = warmUp > 0 ? Math.min(1, (step + 1) / warmUp) : 1;
  const fall = decay === "constant" ? 1 : 0.5 * (1 + cos((Math.PI * step) / steps));
  return learningRate * rise * fall;
}

/** Decay of the average at step `step` (from 0): min(decay, (1 + step)/(10 + step)), so that the start is forgotten. */
export function averagingDecay(decay: number, step: number): number {
  return Math.min(decay, (1 + step) / (10 + step));
}

/** Euclidean norm of a gradient. */
export function gradientNorm(gradient: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < gradient.length; i++) sum += gradient[i]! * gradient[i]!;
  return Math.sqrt(sum);
}

/**
 * One step of Adam (Kingma & Ba 2015) with decoupled weight decay (Loshchilov & Hutter 2019), and of the average.
 *
 * Changes `state` in place; `step` counts from 0.
 */
export function optimise(
  state: OptimiserState,
  gradient: Float32Array,
  norm: number,
  step: number,
  steps: number,
  settings: OptimiserSettings,
): void {
  const { betas, epsilon, weightDecay, clip } = settings;
  const [beta1, beta2] = betas;
  const { parameters, firstMoment, secondMoment, average } = state;
  const rate = learningRateAt(settings, step, steps);
  const scale = norm > clip ? clip / norm : 1;
  const size = rate / (1 - pow(beta1, step + 1));
  const correction = 1 / (1 - pow(beta2, step + 1));
  const shrink = 1 - rate * weightDecay;
  const keep = averagingDecay(settings.average, step);
  for (let i = 0; i < parameters.length; i++) {
    const g = scale * gradient[i]!;
    const first = beta1 * firstMoment[i]! + (1 - beta1) * g;
    const second = beta2 * secondMoment[i]! + (1 - beta2) * g * g;
    firstMoment[i] = first;
    secondMoment[i] = second;
    parameters[i] = shrink * parameters[i]! - (size * first) / (Math.sqrt(second * correction) + epsilon);
    average[i] = keep * average[i]! + (1 - keep) * parameters[i]!;
  }
}
