import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import type { Stamp } from "./compare-result.js";

/** What names an SDE in a result. */
export type ResultSde = Pick<Sde, "name" | "options">;

/** What names a data law in a result. */
export type ResultTarget = Pick<Target, "name" | "dimension" | "options">;

/** What names a model in a result. */
export interface ResultModel {
  readonly path: string;
  readonly engine: string;
}

/** How the `results.json` of a verb begins. */
export interface ResultHead<Verb extends string> {
  readonly schema: `score-sde/${Verb}@1`;
  readonly stamp: Stamp;
  readonly sde: ResultSde;
  readonly target: ResultTarget;
}

/** Facts of an SDE alone, as plain data. */
export function sdeFacts({ name, options }: Sde): ResultSde {
  return { name, options };
}

/** Facts of a data law alone, as plain data. */
export function targetFacts({ name, dimension, options }: Target): ResultTarget {
  return { name, dimension, options };
}
