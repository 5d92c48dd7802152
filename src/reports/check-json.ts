import type { FokkerPlanckCheckResult } from "../experiments/fokker-planck-result.js";
import type { VerifyResult } from "../experiments/verify-result.js";
import { jsonText } from "./json-text.js";

/** The content of `results.json` of `fokker-planck`: keys in a fixed order, numbers that are not finite as null. */
export function fokkerPlanckJson(result: FokkerPlanckCheckResult): string {
  const { schema, stamp, sde, target, score, passed, checks, controls } = result;
  return jsonText({ schema, stamp, sde, target, score, passed, checks, controls });
}

/** The content of `results.json` of `verify`. */
export function verifyJson(result: VerifyResult): string {
  const { schema, stamp, sde, target, score, solvers, passed, checks, ledgers, curves } = result;
  return jsonText({ schema, stamp, sde, target, score, solvers, passed, checks, ledgers, curves });
}
