import { fillNormal } from "../../../solvers/noise/normal.js";
import type { Awaitable } from "../../../solvers/types.js";

/** Writes the drift of every x at time t, in the direction of the run. */
export type DriftFunction = (x: Float64Array, t: number, out: Float64Array) => Awaitable<void>;

/** A run of Heun's method with additive noise. */
export interface HeunRun {
  readonly drift: DriftFunction;
  /** Size of the noise per root of time. */
  readonly diffusion: (t: number) => number;
  /** Monotone times. */
  readonly times: Float64Array;
  /** Start, overwritten by the end. */
  readonly x: Float64Array;
  readonly seed: number;
  /** Names the noise. */
  readonly run: number;
  readonly onStep?: (k: number, x: Float64Array) => void;
}

/** Stochastic Heun for dx = a(x, t) dt + g(t) dw with additive noise, drifts nonlinear in x included: weak order 2. */
export async function heunPath({ drift, diffusion, times, x, seed, run, onStep }: HeunRun): Promise<Float64Array> {
  const count = x.length;
  const [first, second, stage, noise] = [0, 1, 2, 3].map(() => new Float64Array(count));
  for (let k = 0; k + 1 < times.length; k++) {
    const [t, u] = [times[k]!, times[k + 1]!];
    const h = Math.abs(u - t);
    const g = diffusion(0.5 * (t + u)) * Math.sqrt(h);
    fillNormal({ seed, stream: "path", run, step: k + 1 }, 0, noise!);
    await drift(x, t, first!);
    for (let i = 0; i < count; i++) stage![i] = x[i]! + h * first![i]! + g * noise![i]!;
    await drift(stage!, u, second!);
    for (let i = 0; i < count; i++) x[i] = x[i]! + 0.5 * h * (first![i]! + second![i]!) + g * noise![i]!;
    onStep?.(k + 1, x);
  }
  return x;
}
