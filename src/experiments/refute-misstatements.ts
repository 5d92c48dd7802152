import { allHold, type Check } from "../verification/check.js";
import { MISSTATEMENTS } from "../verification/misstatements/misstatements.js";
import type { CompareSurroundings } from "./compare-config.js";
import type { Stamp } from "./compare-result.js";
import { stamp } from "./stamp.js";

/** The content of `results.json` of `verify --misstatements`. */
export interface MisstatementsResult {
  readonly schema: "score-sde/misstatements@1";
  readonly stamp: Stamp;
  /** True when every counterexample came out. */
  readonly passed: boolean;
  readonly misstatements: readonly {
    readonly name: string;
    readonly claim: string;
    readonly truth: string;
    /** The figure that the claim cannot explain; it passes when the counterexample stands. */
    readonly counterexample: Check;
  }[];
}

/** Computes a counterexample to each of the common misstatements. */
export async function refuteMisstatements(surroundings: CompareSurroundings = {}): Promise<MisstatementsResult> {
  const { now = () => performance.now(), started = new Date(), argv = [], onProgress, signal } = surroundings;
  const begun = now();
  const misstatements = [];
  for (const [index, { name, claim, truth, refute }] of MISSTATEMENTS.entries()) {
    signal?.throwIfAborted();
    onProgress?.(name, index / MISSTATEMENTS.length);
    await new Promise((resolve) => setImmediate(resolve));
    misstatements.push({ name, claim, truth, counterexample: await refute() });
  }
  onProgress?.("done", 1);
  return {
    schema: "score-sde/misstatements@1",
    stamp: stamp({ seed: 0, config: {}, started, argv, seconds: (now() - begun) / 1000 }),
    passed: allHold(misstatements.map(({ counterexample }) => counterexample)),
    misstatements,
  };
}
