import { formatSpec } from "../../solvers/spec.js";
import type { ResultSde, ResultTarget } from "../experiments/result-head.js";
import { withoutDefaults } from "../sdes/without-defaults.js";

/** The title of a verb's page: `score-sde compare: trimodal under vp:betaMax=10`. */
export function reportTitle(
  verb: string,
  { sde, target }: { readonly sde: ResultSde; readonly target: ResultTarget },
): string {
  return `score-sde ${verb}: ${formatSpec(target)} under ${formatSpec(withoutDefaults(sde))}`;
}
