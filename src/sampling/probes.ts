import { fillNormal, fillUniform } from "../../solvers/noise/normal.js";

/** Law of the random directions of Hutchinson's estimate: both have mean 0 and covariance I. */
export type ProbeLaw = "rademacher" | "gaussian";

/** Which probes a chunk of points has. */
export interface ProbeRequest {
  readonly seed: number;
  readonly distribution: ProbeLaw;
  readonly probes: number;
  readonly dimension: number;
  readonly firstPoint: number;
  readonly count: number;
}

/** Random directions, count × probes × dimension numbers; those of a point depend on (seed, its index, probe) alone. */
export function drawProbes({ seed, distribution, probes, dimension, firstPoint, count }: ProbeRequest): Float64Array {
  const out = new Float64Array(count * probes * dimension);
  const one = new Float64Array(count * dimension);
  for (let probe = 0; probe < probes; probe++) {
    const name = { seed, stream: "probe", slot: probe } as const;
    if (distribution === "gaussian") fillNormal(name, firstPoint * dimension, one);
    else {
      fillUniform(name, firstPoint * dimension, one);
      for (let i = 0; i < one.length; i++) one[i] = one[i]! <= 0.5 ? -1 : 1;
    }
    for (let row = 0; row < count; row++) {
      out.set(one.subarray(row * dimension, (row + 1) * dimension), (row * probes + probe) * dimension);
    }
  }
  return out;
}
