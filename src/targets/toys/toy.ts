import { suggestion, UsageError } from "../../../solvers/errors.js";
import type { Target } from "../types.js";
import type { ToyDefinition } from "./definition.js";
import { DIGITS } from "./digits.js";
import { LINE_TOYS } from "./line-toys.js";
import { PLANE_TOYS } from "./plane-toys.js";

/** The toy laws by name. */
export const TOYS: ReadonlyMap<string, ToyDefinition> = new Map(
  [...LINE_TOYS, ...PLANE_TOYS, DIGITS].map((definition): [string, ToyDefinition] => [definition.name, definition]),
);

/** Names of the toy laws. */
export type ToyName =
  | "bimodal"
  | "trimodal"
  | "spiky"
  | "uniform"
  | "laplace"
  | "eight-gaussians"
  | "grid-25"
  | "two-moons"
  | "checkerboard"
  | "swiss-roll"
  | "pinwheel"
  | "rings"
  | "two-spirals"
  | "digits";

/**
 * A toy law by name, each with an exact oracle at every noise level.
 *
 * @throws UsageError for an unknown name or option
 */
export function toy(name: ToyName, options: Readonly<Record<string, unknown>> = {}): Target {
  const definition = TOYS.get(name);
  if (definition === undefined)
    throw new UsageError(`toy: unknown name '${name}'.${suggestion(name, [...TOYS.keys()])}`);
  return definition.create(options);
}
