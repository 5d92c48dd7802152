import type { QuantileLaw } from "../../metrics/quantile-law.js";

/** A law on the line whose quantile function is linear between nodes of known probability. */
interface Nodes {
  readonly values: Float64Array;
  readonly below: Float64Array;
  readonly above: Float64Array;
}

/** Share of W2² that a jump of the truth's quantile function may make inside a cell. */
const SHARE = 1e-8;
/** Bends below this share of the law's spread are rounding. */
const ROUNDING = 1e-10;
/** Cells of less mass are not halved. */
const LEAST_MASS = 1e-14;

/**
 * ∫ |G| and ∫ G² over probabilities, G the gap between the quantile functions of a law and of the truth: W1 and W2².
 *
 * Where the truth's quantile function jumps inside a cell, as between two narrow modes, the cell is halved until the jump is
 * between two halves.
 */
export function couplingIntegrals({ values, below, above }: Nodes, truth: QuantileLaw): { w1: number; w2: number } {
  const cells = values.length - 1;
  let last = 0;
  const gaps = values.map((value, i) => {
    last = value - quantileAt(truth, below[i]!, above[i]!, value, value - last);
    return last;
  });
  const masses = new Float64Array(cells).map((_, i) => massBetween(below, above, i));
  const rises = masses.map((_, i) => values[i + 1]! - values[i]! - (gaps[i + 1]! - gaps[i]!));
  const total = { w1: 0, w2: 0 };
  for (let i = 0; i < cells; i++) addLinear(total, masses[i]!, gaps[i]!, gaps[i + 1]!);
  const allowed = SHARE * total.w2;
  const least = ROUNDING * spreadOf(values, masses);
  // Smaller bends are as likely those of the law, which is not known inside a cell.
  const isBent = (mass: number, bend: number, rise: number) =>
    mass > LEAST_MASS && Math.abs(bend) > Math.max(least, Math.abs(rise) / 2) && mass * bend * bend > allowed;
  total.w1 = 0;
  total.w2 = 0;
  for (let i = 0; i < cells; i++) {
    const slope = (k: number) => (masses[k]! > 0 ? rises[k]! / masses[k]! : 0);
    const neighbours = Math.min(slope(Math.max(0, i - 1)), slope(Math.min(cells - 1, i + 1)));
    const rise = values[i + 1]! - values[i]!;
    if (!isBent(masses[i]!, rises[i]! - masses[i]! * neighbours, rise)) {
      addLinear(total, masses[i]!, gaps[i]!, gaps[i + 1]!);
      continue;
    }
    const gapAt = (share: number, near: number) => {
      const value = values[i]! + share * rise;
      const under = below[i]! + share * (below[i + 1]! - below[i]!);
      const over = above[i]! + share * (above[i + 1]! - above[i]!);
      return value - quantileAt(truth, under, over, value, value - near);
    };
    const add = (from: number, a: number, to: number, b: number): void => {
      const [middle, mass] = [(from + to) / 2, masses[i]! * (to - from)];
      const gap = gapAt(middle, a);
      if (isBent(mass, gap - (a + b) / 2, rise * (to - from))) {
        add(from, a, middle, gap);
        add(middle, gap, to, b);
        return;
      }
      addLinear(total, mass / 2, a, gap);
      addLinear(total, mass / 2, gap, b);
    };
    add(0, gaps[i]!, 1, gaps[i + 1]!);
  }
  return total;
}

/** P(node i < X ≤ node i + 1), from whichever tail is smaller. */
export function massBetween(below: Float64Array, above: Float64Array, i: number): number {
  return below[i + 1]! < 0.5 ? below[i + 1]! - below[i]! : above[i]! - above[i + 1]!;
}

/** The quantile by the smaller tail, looked for near a number; `otherwise` where the law has no more mass. */
function quantileAt(truth: QuantileLaw, below: number, above: number, otherwise: number, near: number): number {
  if (below === 0 || above === 0) return otherwise;
  return below < 0.5 ? truth.quantile(below, { near }) : truth.quantile(above, { upper: true, near });
}

/** Adds ∫ |G| and ∫ G² of a gap that goes from a to b along a mass. */
function addLinear(total: { w1: number; w2: number }, mass: number, a: number, b: number): void {
  total.w1 += mass * (a * b < 0 ? (a * a + b * b) / (2 * Math.abs(a - b)) : Math.abs(a + b) / 2);
  total.w2 += (mass * (a * a + a * b + b * b)) / 3;
}

/** Root mean square distance of the law from its middle value. */
function spreadOf(values: Float64Array, masses: Float64Array): number {
  const centre = masses.reduce((sum, mass, i) => sum + mass * values[i]!, 0);
  return Math.sqrt(masses.reduce((sum, mass, i) => sum + mass * (values[i]! - centre) * (values[i]! - centre), 0));
}
