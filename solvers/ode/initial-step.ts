import { pow } from "../math/elementary.js";

/**
 * Length of the first step from the sizes, relative to the tolerance, of y₀ (d0), f(t₀, y₀) (d1) and the second derivative (d2).
 *
 * Source: Hairer, Norsett & Wanner, Solving Ordinary Differential Equations I, II.4.
 */
export interface InitialStepRule {
  readonly name: string;
  /** Whether sums of squares are divided by the number of components before the root. */
  readonly meanSquare: boolean;
  /** Length of the Euler step that probes the second derivative; `longest` is the length of the interval. */
  probe(d0: number, d1: number, longest: number): number;
  /** Length of the first step; d2 = ‖f(t₀ + h0, y₀ + h0 f₀) − f₀‖ / h0. */
  first(d1: number, d2: number, h0: number, errorOrder: number, longest: number): number;
}

function first(d1: number, d2: number, h0: number, errorOrder: number, longest: number): number {
  // A probe that left the domain of f says nothing about the curvature.
  const larger = d2 > d1 && d2 < Number.POSITIVE_INFINITY ? d2 : d1;
  const h1 = larger <= 1e-15 ? Math.max(1e-6, h0 * 1e-3) : pow(0.01 / larger, 1 / (errorOrder + 1));
  return Math.min(100 * h0, h1, longest);
}

const probe = (d0: number, d1: number): number => (d0 < 1e-5 || d1 < 1e-5 ? 1e-6 : (0.01 * d0) / d1);

/** The rule as scipy's solve_ivp had it up to 1.11: root mean squares; the probe may pass the end of the interval. */
export const scipyInitialStep: InitialStepRule = { name: "scipy", meanSquare: true, probe, first };

/** The same with a probe that stays inside the interval, as scipy's solve_ivp since 1.12: for an f that has no value beyond it. */
export const insideInitialStep: InitialStepRule = {
  name: "inside",
  meanSquare: true,
  probe: (d0, d1, longest) => Math.min(probe(d0, d1), longest),
  first,
};

/** The rule as HINIT of the code DOPRI5 has it: sums of squares that are not divided by the dimension, the probe inside the interval. */
export const hairerInitialStep: InitialStepRule = {
  name: "hairer",
  meanSquare: false,
  probe: (d0, d1, longest) => Math.min(d0 <= 1e-5 || d1 <= 1e-5 ? 1e-6 : 0.01 * (d0 / d1), longest),
  first,
};

/** The rules that a name stands for. */
export const initialSteps = { scipy: scipyInitialStep, inside: insideInitialStep, hairer: hairerInitialStep } as const;

/** A name of `initialSteps`. */
export type InitialStepName = keyof typeof initialSteps;
