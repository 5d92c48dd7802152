import { UsageError } from "../../solvers/errors.js";
import { exactScore } from "../scores/exact-score.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import { isOnLine } from "../verification/checks/verifications.js";
import { missedControls } from "../verification/control.js";
import { type FaultResults, plantFaults } from "../verification/planted-faults/plant-faults.js";
import type { CompareSurroundings } from "./compare-config.js";
import { type ResultHead, sdeFacts, targetFacts } from "./result-head.js";
import { stamp } from "./stamp.js";
import { checkVerifiable, VERIFY_DEFAULTS } from "./verify.js";

/** What `plantedFaults` is told. */
export interface PlantedFaultsConfig {
  readonly sde: Sde;
  /** Dimension 1, with a quantile function. */
  readonly target: Target;
  /** Samples that the prior is held against, default 2000. */
  readonly samples?: number;
  readonly seed?: number;
}

/** The content of `results.json` of `verify --planted`. */
export interface PlantedFaultsResult extends ResultHead<"planted-faults">, FaultResults {
  /** True when every fault that changes anything was caught, and nothing failed without one. */
  readonly passed: boolean;
}

/**
 * Plants faults in SDE, score, solvers and the solver of the Fokker–Planck equation, one at a time, and lets `verify` look for them.
 *
 * @throws UsageError for a target without integrals over its law, and for drifts nonlinear in x
 */
export async function plantedFaults(
  { sde, target, samples = VERIFY_DEFAULTS.samples, seed = VERIFY_DEFAULTS.seed }: PlantedFaultsConfig,
  surroundings: CompareSurroundings = {},
): Promise<PlantedFaultsResult> {
  const { now = () => performance.now(), started = new Date(), argv = [], onProgress, signal } = surroundings;
  const begun = now();
  checkVerifiable(sde);
  if (!isOnLine({ target })) {
    throw new UsageError(
      `target: faults of the score are planted on the line, but '${target.name}' has dimension ${target.dimension} - choose a 1-D target, such as trimodal`,
    );
  }
  const setting = { sde, target, model: exactScore(target, sde), isGiven: false, learned: null, samples, seed, signal };
  const { faults, failing } = await plantFaults(
    { ...setting, modelTolerance: undefined, solvers: [] },
    {
      async onFault(what, fraction) {
        signal?.throwIfAborted();
        onProgress?.(what, fraction);
        await new Promise((resolve) => setImmediate(resolve));
      },
    },
  );
  onProgress?.("done", 1);
  return {
    schema: "score-sde/planted-faults@1",
    stamp: stamp({
      seed,
      config: { sde: sdeFacts(sde), target: targetFacts(target), samples },
      started,
      argv,
      seconds: (now() - begun) / 1000,
    }),
    sde: sdeFacts(sde),
    target: targetFacts(target),
    passed: failing.length === 0 && missedControls(faults).length === 0,
    faults,
    failing,
  };
}
