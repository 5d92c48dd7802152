import { fillNormal } from "../../solvers/noise/normal.js";
import type { NoiseSource } from "../../solvers/spaces/batch.js";
import type { UserNoise } from "./types.js";

/** Which normals a chunk of samples draws. */
export interface NoiseRequest {
  readonly seed: number;
  readonly run: number;
  readonly firstSample: number;
  readonly count: number;
  readonly dimension: number;
}

/** Noise keyed by (seed, run, step, slot, sample, coordinate). */
export function counterNoise({ seed, run, firstSample, dimension }: NoiseRequest): NoiseSource {
  return (_interval, step, slot, out) =>
    fillNormal({ seed, run, stream: "sampler", step, slot }, firstSample * dimension, out);
}

/** Noise from a user's function. */
export function userNoise(fill: UserNoise, { firstSample, count }: NoiseRequest): NoiseSource {
  return (_interval, step, slot, out) => fill(step, slot, firstSample, count, out);
}
