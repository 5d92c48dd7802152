import type { NoiseName } from "../../solvers/noise/normal.js";
import { requireWhole } from "../../solvers/require-whole.js";
import type { SampleRequest } from "./types.js";

/** A validated request: which rows, and the name of their random numbers. */
export interface ResolvedRequest {
  readonly count: number;
  readonly firstSample: number;
  readonly name: NoiseName;
}

/** Uses of random numbers inside one exact sample. */
export const TargetSlot = { COMPONENT: 0, COORDINATES: 1 } as const;

/** @throws UsageError for a count, seed, first sample or run out of range */
export function resolveRequest({
  count,
  seed,
  firstSample = 0,
  run = 0,
  stream = "target",
}: SampleRequest): ResolvedRequest {
  requireWhole("count", count, 1, Number.MAX_SAFE_INTEGER);
  requireWhole("seed", seed, 0, Number.MAX_SAFE_INTEGER);
  requireWhole("firstSample", firstSample, 0, Number.MAX_SAFE_INTEGER);
  requireWhole("run", run, 0, 4294967295);
  return { count, firstSample, name: { seed, run, stream } };
}
