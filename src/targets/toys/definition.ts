import { type OptionSet, type OptionValues, resolveOptions } from "../../../solvers/options.js";
import type { Target } from "../types.js";

/** A named data law: what it is, and how it is made from its options. */
export interface ToyDefinition {
  readonly name: string;
  readonly dimension: number;
  readonly summary: string;
  readonly options: OptionSet;
  /** @throws UsageError for an unknown option or a value out of range */
  create(options: Readonly<Record<string, unknown>>): Target;
}

/** A definition whose maker sees validated options. */
export function defineToy<O extends OptionSet>(
  head: { readonly name: string; readonly dimension: number; readonly summary: string; readonly options: O },
  make: (options: OptionValues<O>) => Target,
): ToyDefinition {
  return { ...head, create: (given) => make(resolveOptions(head.name, head.options, given)) };
}
