import { exp, log } from "../math/elementary.js";
import { hairerInitialStep, type InitialStepRule, scipyInitialStep } from "./initial-step.js";

/** error^exponent to 1e-14: once per step and row, so twice as fast as `pow` counts more than the last digit. */
const power = (error: number, exponent: number): number => exp(exponent * log(error));

/** Decides from the error of an attempted step (1 = the tolerance) whether it counts and how long the next one is. */
export interface StepController {
  readonly name: string;
  /** How many numbers it remembers per row. */
  readonly memory: number;
  /** A step that, stretched by this factor, would pass the end goes to the end at once. */
  readonly endStretch: number;
  readonly initialStep: InitialStepRule;
  /** Writes the initial memory of a row to memory[at …]. */
  begin(memory: Float64Array, at: number): void;
  /** Whether a step with this error counts. */
  accepts(error: number): boolean;
  /**
   * Factor on the length of the next attempt; it may use and change memory[at …].
   *
   * `afterRejection`: the attempt repeated a rejected one.
   */
  factor(error: number, accepted: boolean, afterRejection: boolean, memory: Float64Array, at: number): number;
}

/** Makes the controller for a method whose error estimate has order `errorOrder`. */
export type ControllerRule = (errorOrder: number) => StepController;

/** Limits on the factor from one step to the next. */
export interface FactorLimits {
  readonly safety?: number;
  readonly smallest?: number;
  readonly largest?: number;
}

/**
 * The elementary (I) controller h ← h · clip(0.9 error^{−1/(q+1)}, 0.2, 10), at most 1 right after a rejection.
 *
 * Source: Hairer, Norsett & Wanner I, (II.4.13); constants and acceptance (error < 1) as scipy's solve_ivp.
 */
export function scipyController({ safety = 0.9, smallest = 0.2, largest = 10 }: FactorLimits = {}): ControllerRule {
  return (errorOrder) => {
    const exponent = -1 / (errorOrder + 1);
    return {
      name: "scipy",
      memory: 0,
      endStretch: 1,
      initialStep: scipyInitialStep,
      begin: () => {},
      accepts: (error) => error < 1,
      factor: (error, accepted, afterRejection) => {
        if (!accepted) return Math.max(smallest, safety * power(error, exponent));
        const factor = error === 0 ? largest : Math.min(largest, safety * power(error, exponent));
        return afterRejection ? Math.min(1, factor) : factor;
      },
    };
  };
}

/**
 * The PI controller h ← h · clip(0.9 error^{−(1/(q+1) − 0.75β)} errorBefore^β, 0.2, 10) of DOPRI5, with its end rule (1.01 h).
 *
 * Source: Hairer, Norsett & Wanner I, (II.4.17) and the code DOPRI5: errorBefore ≥ 1e-4, rejected steps without the β term, accepts error ≤ 1.
 */
export function hairerController({
  beta = 0.04,
  safety = 0.9,
  smallest = 0.2,
  largest = 10,
}: FactorLimits & { readonly beta?: number } = {}): ControllerRule {
  return (errorOrder) => {
    const exponent = 1 / (errorOrder + 1) - 0.75 * beta;
    const leastErrorBefore = 1e-4;
    return {
      name: "hairer",
      memory: 1,
      endStretch: 1.01,
      initialStep: hairerInitialStep,
      begin: (memory, at) => {
        memory[at] = leastErrorBefore;
      },
      accepts: (error) => error <= 1,
      factor: (error, accepted, afterRejection, memory, at) => {
        const growth = power(error, exponent);
        if (!accepted) return 1 / Math.min(1 / smallest, growth / safety);
        const divisor = growth / power(memory[at]!, beta) / safety;
        memory[at] = Math.max(error, leastErrorBefore);
        const factor = 1 / Math.max(1 / largest, Math.min(1 / smallest, divisor));
        return afterRejection ? Math.min(1, factor) : factor;
      },
    };
  };
}

/** Gains of a PID controller; their sum of exponents on all errors is the integral gain. */
export interface PidGains extends FactorLimits {
  readonly integral?: number;
  readonly proportional?: number;
  readonly derivative?: number;
}

/**
 * The PID controller h ← h · 0.9 e₀^{−(kI+kP+kD)/(q+1)} e₁^{(kP+2kD)/(q+1)} e₂^{−kD/(q+1)}, e₁ and e₂ the errors of the two accepted steps before.
 *
 * It starts, and shortens rejected steps, as the elementary controller: only accepted errors enter the history.
 * The default gains give the exponents 0.58, −0.21, 0.1 that SUNDIALS takes for its PID controller.
 * Source: Söderlind 2003, Digital filters in adaptive time-stepping, ACM TOMS 29(1), 1-26.
 */
export function pidController({
  integral = 0.47,
  proportional = 0.01,
  derivative = 0.1,
  safety = 0.9,
  smallest = 0.2,
  largest = 10,
}: PidGains = {}): ControllerRule {
  return (errorOrder) => {
    const order = errorOrder + 1;
    const now = -(integral + proportional + derivative) / order;
    const before = (proportional + 2 * derivative) / order;
    const earlier = -derivative / order;
    // An error of zero must leave the history usable.
    const least = 1e-10;
    return {
      name: "pid",
      memory: 2,
      endStretch: 1,
      initialStep: scipyInitialStep,
      begin: (memory, at) => memory.fill(0, at, at + 2),
      accepts: (error) => error < 1,
      factor: (error, accepted, afterRejection, memory, at) => {
        if (!accepted) return Math.max(smallest, safety * power(error, -1 / order));
        const [e0, e1, e2] = [Math.max(error, least), memory[at]!, memory[at + 1]!];
        memory[at] = e0;
        memory[at + 1] = e1;
        const wish =
          e1 === 0 || e2 === 0 ? power(e0, -1 / order) : power(e0, now) * power(e1, before) * power(e2, earlier);
        const factor = Math.min(largest, Math.max(smallest, safety * wish));
        return afterRejection ? Math.min(1, factor) : factor;
      },
    };
  };
}

/** The controllers that a name stands for, with their default constants. */
export const controllers = {
  scipy: scipyController(),
  hairer: hairerController(),
  pid: pidController(),
} as const;

/** A name of `controllers`. */
export type ControllerName = keyof typeof controllers;
