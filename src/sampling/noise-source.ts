import { UsageError } from "../../solvers/errors.js";
import { brownianPath } from "../../solvers/noise/brownian-path.js";
import { fillNormal } from "../../solvers/noise/normal.js";
import { NoiseSlot } from "../../solvers/noise/slots.js";
import type { NoiseSource } from "../../solvers/spaces/batch.js";
import type { Schedule } from "../../solvers/types.js";
import type { UserNoise } from "./types.js";

/** Which normals a chunk of samples draws. */
export interface NoiseRequest {
  readonly noise: "counter" | "path" | UserNoise;
  readonly schedule: Schedule;
  readonly seed: number;
  readonly run: number;
  readonly firstSample: number;
  readonly count: number;
  readonly dimension: number;
}

/** The noise of a chunk. @throws UsageError for an unknown kind */
export function noiseSource(request: NoiseRequest): NoiseSource {
  const { noise, firstSample, count } = request;
  if (typeof noise === "function") {
    return (_interval, step, slot, out) => noise(step, slot, firstSample, count, out);
  }
  if (noise === "counter") return counterNoise(request);
  if (noise === "path") return pathNoise(request);
  throw new UsageError(`noise: must be 'counter', 'path' or a function, but got ${JSON.stringify(noise)}`);
}

/** Noise keyed by (seed, run, step, slot, sample, coordinate). */
function counterNoise({ seed, run, firstSample, dimension }: NoiseRequest): NoiseSource {
  return (_interval, step, slot, out) =>
    fillNormal({ seed, run, stream: "sampler", step, slot }, firstSample * dimension, out);
}

/**
 * Increments of one Brownian path per (seed, run, sample, coordinate), and its areas, scaled to N(0, 1): the same path for every grid.
 *
 * Noise that belongs to no interval (starts, correctors) is keyed by its name.
 */
function pathNoise(request: NoiseRequest): NoiseSource {
  const { schedule, seed, run, firstSample, count, dimension } = request;
  const named = counterNoise(request);
  const path = brownianPath({
    seed,
    run,
    tMin: schedule.tMin,
    tMax: schedule.tMax,
    firstElement: firstSample * dimension,
    count: count * dimension,
  });
  const increment = new Float64Array(count * dimension);
  return (interval, step, slot, out) => {
    if (interval === null) return named(interval, step, slot, out);
    const length = interval.from - interval.to;
    const isArea = slot === NoiseSlot.AREA;
    if (isArea) path.fillIncrement(interval.from, interval.to, increment, out);
    else path.fillIncrement(interval.from, interval.to, out);
    const scale = Math.sqrt((isArea ? 12 : 1) / length);
    for (let i = 0; i < out.length; i++) out[i] = out[i]! * scale;
  };
}
