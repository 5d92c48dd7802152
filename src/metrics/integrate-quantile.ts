import { exp } from "../../solvers/math/elementary.js";
import type { QuantileLaw } from "./quantile-law.js";

/** A Gauss–Kronrod pair: nodes from the outermost to the centre 0, Kronrod's weights, and Gauss's (0 off its nodes). */
interface Pair {
  readonly nodes: readonly number[];
  readonly kronrod: readonly number[];
  readonly gauss: readonly number[];
}

// Kronrod (1965). No rule asks for a quantile at the ends of an interval.
const NARROW: Pair = {
  nodes: [0.9604912687080203, 0.7745966692414834, 0.4342437493468026, 0],
  kronrod: [0.10465622602646726, 0.26848808986833345, 0.4013974147759622, 0.45091653865847414],
  gauss: [0, 5 / 9, 0, 8 / 9],
};
const WIDE: Pair = {
  nodes: [
    0.9914553711208126, 0.9491079123427585, 0.8648644233597691, 0.7415311855993945, 0.5860872354676911,
    0.4058451513773972, 0.20778495500789848, 0,
  ],
  kronrod: [
    0.022935322010529224, 0.06309209262997856, 0.10479001032225019, 0.14065325971552592, 0.1690047266392679,
    0.19035057806478542, 0.20443294007529889, 0.20948214108472782,
  ],
  gauss: [0, 0.1294849661688697, 0, 0.27970539148927664, 0, 0.3818300505051189, 0, 0.4179591836734694],
};

// Beyond v = b e⁻⁴⁶ a tail of b holds 1e-20 of its mass.
const TAIL_PIECES = [0, 1, 2, 4, 8, 16, 46];

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
  /** The quantile function at `from` > 0 and at `to`, where they are known. */
  readonly ends?: readonly [number, number];
}

/**
 * Adds ∫ (Q − c) dv and ∫ (Q − c)² dv over a stretch of probabilities to `out`.
 *
 * Adaptive bisection by the Gauss–Kronrod difference, which overestimates the error of a smooth stretch by far; a jump beyond the
 * outermost nodes, which both rules miss, shows in the values at the ends. A tail (from = 0) is mapped by v = to · e⁻ˢ, where
 * logarithmic and power tails are smooth.
 */
export function integrateQuantile(law: QuantileLaw, stretch: QuantileStretch, out: Float64Array): void {
  const { from, to, upper, center, tolerances, ends } = stretch;
  if (!(to > from)) return;
  const value = (v: number, near: number) => law.quantile(v, { upper, near: center + near }) - center;
  if (from > 0) {
    const atFrom = ends === undefined ? value(from, 0) : ends[0] - center;
    const atTo = ends === undefined ? value(to, atFrom) : ends[1] - center;
    adaptive({ value, tail: 0, tolerances, out }, from, to, atFrom, atTo);
    return;
  }
  let atFrom = value(to, 0);
  for (let piece = 1; piece < TAIL_PIECES.length; piece++) {
    const atTo = value(to * exp(-TAIL_PIECES[piece]!), atFrom);
    adaptive({ value, tail: to, tolerances, out }, TAIL_PIECES[piece - 1]!, TAIL_PIECES[piece]!, atFrom, atTo);
    atFrom = atTo;
  }
}

interface Integrand {
  /** Q − c, looked for near a number. */
  readonly value: (v: number, near: number) => number;
  /** 0, or the b of the substitution v = b e⁻ˢ. */
  readonly tail: number;
  readonly tolerances: readonly [number, number];
  readonly out: Float64Array;
}

function adaptive(integrand: Integrand, from: number, to: number, atFrom: number, atTo: number): void {
  const { value, tail, tolerances, out } = integrand;
  const { nodes, kronrod, gauss } = tail > 0 ? WIDE : NARROW;
  const center = nodes.length - 1;
  const half = (to - from) / 2;
  const middle = from + half;
  let first = 0;
  let second = 0;
  let firstGauss = 0;
  let secondGauss = 0;
  // What a jump between an end and its nearest node could add.
  let hidden = 0;
  let atMiddle = 0;
  for (let side = -1; side <= 1; side += 2) {
    let last = side < 0 ? atFrom : atTo;
    let endGap = 0;
    for (let k = 0; k < (side < 0 ? center + 1 : center); k++) {
      const node = middle + side * half * nodes[k]!;
      const v = tail > 0 ? tail * exp(-node) : node;
      const weight = tail > 0 ? v * half : half;
      const q = value(v, last);
      first += kronrod[k]! * weight * q;
      second += kronrod[k]! * weight * q * q;
      firstGauss += gauss[k]! * weight * q;
      secondGauss += gauss[k]! * weight * q * q;
      const gap = Math.abs(q - last);
      if (k === 0) endGap = gap;
      if (k === 1 && endGap > gap) hidden = Math.max(hidden, (1 - nodes[0]!) * weight * endGap);
      last = q;
    }
    if (side < 0) atMiddle = last;
  }
  const jump = Math.abs(atTo - atFrom);
  const isGood =
    (Math.abs(first - firstGauss) + hidden <= tolerances[0] &&
      Math.abs(second - secondGauss) + hidden * jump <= tolerances[1]) ||
    half <= 4e-16 * middle;
  if (isGood) {
    out[0]! += first;
    out[1]! += second;
    return;
  }
  adaptive(integrand, from, middle, atFrom, atMiddle);
  adaptive(integrand, middle, to, atMiddle, atTo);
}
