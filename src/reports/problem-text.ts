import { formatSpec } from "../../solvers/spec.js";
import type { ResultModel, ResultSde, ResultTarget } from "../experiments/result-head.js";

/** What a result is about. */
export interface ProblemFacts {
  readonly sde: ResultSde;
  /** Null where a model stands alone. */
  readonly target: ResultTarget | null;
  readonly model?: ResultModel;
}

/** `model run of trimodal under vp`, without what is not there. */
export function problemText({ sde, target, model }: ProblemFacts): string {
  const parts = [model === undefined ? null : `model ${model.path}`, target === null ? null : formatSpec(target)];
  return `${parts.filter((part) => part !== null).join(" of ")} under ${formatSpec(sde)}`;
}
