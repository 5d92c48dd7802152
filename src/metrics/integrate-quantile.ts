import { exp } from "../../solvers/math/elementary.js";
import type { QuantileLaw } from "./quantile-law.js";

// Gauss–Kronrod pair (3, 7), Kronrod (1965): positive nodes and centre. A quantile is never asked at the ends of an interval.
const NODES = [0.9604912687080203, 0.7745966692414834, 0.4342437493468026, 0];
const KRONROD = [0.10465622602646726, 0.26848808986833345, 0.4013974147759622, 0.45091653865847414];
const GAUSS = [0, 5 / 9, 0, 8 / 9];

// Beyond v = b e⁻⁴⁶ a tail of b holds 1e-20 of its mass.
const TAIL_PIECES = [0, 1, 2, 4, 8, 16, 46];
const UPPER = { upper: true };

/** Which stretch of the quantile function is integrated, and how well. */
export interface QuantileStretch {
  /** Probabilities from `from` to `to` counted from the lower end, or with `upper` from the upper end; 0 ≤ from < to < 1. */
  readonly from: number;
  readonly to: number;
  readonly upper: boolean;
  /** The number subtracted from the quantile function. */
  readonly center: number;
  /** Absolute errors allowed for the two integrals (Infinity: not controlled). */
  readonly tolerances: readonly [number, number];
}

/**
 * Adds ∫ (Q − c) dv and ∫ (Q − c)² dv over a stretch of probabilities to `out`.
 *
 * Adaptive bisection by the Gauss–Kronrod difference, which overestimates the error of the sum by far; a tail (from = 0) is
 * mapped by v = to · e⁻ˢ, where logarithmic and power tails are smooth.
 */
export function integrateQuantile(law: QuantileLaw, stretch: QuantileStretch, out: Float64Array): void {
  const { from, to, upper, center, tolerances } = stretch;
  if (!(to > from)) return;
  const value = upper ? (v: number) => law.quantile(v, UPPER) - center : (v: number) => law.quantile(v) - center;
  if (from > 0) {
    adaptive({ value, tail: 0, tolerances, out }, from, to);
    return;
  }
  for (let piece = 1; piece < TAIL_PIECES.length; piece++)
    adaptive({ value, tail: to, tolerances, out }, TAIL_PIECES[piece - 1]!, TAIL_PIECES[piece]!);
}

interface Integrand {
  readonly value: (v: number) => number;
  /** 0, or the b of the substitution v = b e⁻ˢ. */
  readonly tail: number;
  readonly tolerances: readonly [number, number];
  readonly out: Float64Array;
}

function adaptive(integrand: Integrand, from: number, to: number): void {
  const { value, tail, tolerances, out } = integrand;
  const half = (to - from) / 2;
  const middle = from + half;
  let first = 0;
  let second = 0;
  let firstGauss = 0;
  let secondGauss = 0;
  for (let k = 0; k < 4; k++) {
    for (let sign = k === 3 ? 1 : -1; sign <= 1; sign += 2) {
      const node = middle + sign * half * NODES[k]!;
      const v = tail > 0 ? tail * exp(-node) : node;
      const weight = tail > 0 ? v * half : half;
      const q = value(v);
      first += KRONROD[k]! * weight * q;
      second += KRONROD[k]! * weight * q * q;
      firstGauss += GAUSS[k]! * weight * q;
      secondGauss += GAUSS[k]! * weight * q * q;
    }
  }
  const isGood =
    (Math.abs(first - firstGauss) <= tolerances[0] && Math.abs(second - secondGauss) <= tolerances[1]) ||
    half <= 4e-16 * Math.max(middle, Number.MIN_VALUE);
  if (isGood) {
    out[0]! += first;
    out[1]! += second;
    return;
  }
  adaptive(integrand, from, middle);
  adaptive(integrand, middle, to);
}
