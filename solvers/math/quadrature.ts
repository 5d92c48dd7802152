import { UsageError } from "../errors.js";
import { numberText } from "../number-text.js";
import { gaussLegendre } from "./gauss-legendre.js";

const RULE = gaussLegendre(16);
const MAX_PANELS = 20_000;

export interface QuadratureOptions {
  /** Error aimed at, relative to ∫|f|; not below 1e-15. */
  readonly relativeTolerance?: number;
  /** Places where f or a derivative of f jumps; those outside (a, b) are ignored. */
  readonly breakpoints?: readonly number[];
}

/**
 * ∫_a^b f(x) dx by 16-point Gauss–Legendre panels with adaptive bisection; a > b gives the negative integral.
 *
 * A panel is accepted when halving it changes it by less than relativeTolerance · ∫|f| (or by rounding alone).
 *
 * @throws UsageError when f is not finite somewhere inside, or when 20 000 panels do not suffice.
 */
export function integrate(
  f: (x: number) => number,
  a: number,
  b: number,
  { relativeTolerance = 1e-14, breakpoints = [] }: QuadratureOptions = {},
): number {
  if (!Number.isFinite(a) || !Number.isFinite(b)) {
    throw new UsageError(`integrate: the limits must be finite, but got ${a} and ${b}.`);
  }
  if (a === b) return 0;
  if (a > b) return -integrate(f, b, a, { relativeTolerance, breakpoints });
  const tolerance = Math.max(relativeTolerance, 1e-15);
  const inner = breakpoints.filter((x) => x > a && x < b).sort((x, y) => x - y);
  const edges = [a, ...inner, b];
  // A stack of panels, the leftmost on top, so that sums are formed in one fixed order.
  const stack: Panel[] = [];
  let magnitude = 0;
  for (let i = edges.length - 1; i > 0; i--) {
    const first = panel(f, edges[i - 1]!, edges[i]!);
    magnitude += first.magnitude;
    stack.push(first);
  }
  let sum = 0;
  let carry = 0;
  let panels = stack.length;
  for (let whole = stack.pop(); whole !== undefined; whole = stack.pop()) {
    const middle = whole.from + 0.5 * (whole.to - whole.from);
    const divisible = middle > whole.from && middle < whole.to;
    const left = divisible ? panel(f, whole.from, middle) : whole;
    const right = divisible ? panel(f, middle, whole.to) : EMPTY;
    const halves = left.value + right.value;
    magnitude += left.magnitude + right.magnitude - whole.magnitude;
    const change = Math.abs(halves - whole.value);
    if (!divisible || change <= Math.max(tolerance * magnitude, 2 ** -50 * (left.magnitude + right.magnitude))) {
      // Neumaier's compensated sum.
      const total = sum + halves;
      carry += Math.abs(sum) >= Math.abs(halves) ? sum - total + halves : halves - total + sum;
      sum = total;
      continue;
    }
    panels += 2;
    if (panels > MAX_PANELS) {
      throw new UsageError(
        `integrate: ${MAX_PANELS} panels do not reach a relative error of ${numberText(tolerance)} on [${numberText(a)}, ${numberText(b)}] (stuck near ${numberText(middle)}) - name the places where the integrand jumps as breakpoints, or ask for less.`,
      );
    }
    stack.push(right, left);
  }
  return sum + carry;
}

interface Panel {
  readonly from: number;
  readonly to: number;
  readonly value: number;
  readonly magnitude: number;
}

const EMPTY: Panel = { from: 0, to: 0, value: 0, magnitude: 0 };

/** One Gauss–Legendre panel of f, and of |f|. */
function panel(f: (x: number) => number, from: number, to: number): Panel {
  const half = 0.5 * (to - from);
  const centre = from + half;
  let value = 0;
  let magnitude = 0;
  for (let i = 0; i < RULE.nodes.length; i++) {
    const x = centre + half * RULE.nodes[i]!;
    const y = f(x);
    if (!Number.isFinite(y)) {
      throw new UsageError(`integrate: the integrand must be finite, but got ${numberText(y)} at ${numberText(x)}.`);
    }
    value += RULE.weights[i]! * y;
    magnitude += RULE.weights[i]! * Math.abs(y);
  }
  return { from, to, value: half * value, magnitude: half * magnitude };
}
