import { suggestion, UsageError } from "../../../solvers/errors.js";
import { CrankNicolsonStep } from "./crank-nicolson-step.js";
import { DoubledStep } from "./doubled-step.js";
import type { GeneratorSource } from "./generator-source.js";
import { ImplicitEulerStep } from "./implicit-euler-step.js";
import type { TimeStep } from "./time-step.js";
import { TrBdf2Step } from "./tr-bdf2-step.js";

/** Names of the time schemes; `exponential` is exact in time and needs a separable equation. */
export const TIME_SCHEMES = ["tr-bdf2", "crank-nicolson", "implicit-euler", "exponential"] as const;

/** See `TIME_SCHEMES`. */
export type TimeScheme = (typeof TIME_SCHEMES)[number];

/** The step of a scheme, with an error estimate when `adaptive` (TR-BDF2's own, step doubling for the others). */
export function makeStep(scheme: TimeScheme, source: GeneratorSource, adaptive: boolean): TimeStep {
  const cells = source.mesh.widths.length;
  switch (scheme) {
    case "tr-bdf2":
      return new TrBdf2Step(source);
    case "crank-nicolson":
      return adaptive ? new DoubledStep(() => new CrankNicolsonStep(source), cells) : new CrankNicolsonStep(source);
    case "implicit-euler":
      return adaptive ? new DoubledStep(() => new ImplicitEulerStep(source), cells) : new ImplicitEulerStep(source);
    case "exponential":
      throw new UsageError("scheme: 'exponential' has no steps, but got a stepwise run - use 'tr-bdf2'");
  }
}

/** Refuses unknown scheme names. */
export function checkScheme(scheme: string): void {
  if (!TIME_SCHEMES.some((known) => known === scheme)) {
    throw new UsageError(`scheme: unknown name, but got '${scheme}' -${suggestion(scheme, TIME_SCHEMES)}`);
  }
}
