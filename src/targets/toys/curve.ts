/** A point of the plane. */
export type PlanePoint = readonly [number, number];

/** A curve with parameter in [from, to]. */
export interface PlaneCurve {
  readonly from: number;
  readonly to: number;
  at(parameter: number): PlanePoint;
}

const CHORDS = 4096;

/**
 * Points equally spaced along a curve, at most `spacing` apart, half a space from its ends.
 *
 * Gaussians of standard deviation `spacing`/1.5 at these points look like one smooth ridge: its height varies by 2 exp(−2π²/1.5²) = 3e-4.
 */
export function pointsAlong({ from, to, at }: PlaneCurve, spacing: number): PlanePoint[] {
  const knots = Array.from({ length: CHORDS + 1 }, (_, i) => at(from + ((to - from) * i) / CHORDS));
  const lengths = new Float64Array(CHORDS + 1);
  for (let i = 1; i <= CHORDS; i++) {
    const dx = knots[i]![0] - knots[i - 1]![0];
    const dy = knots[i]![1] - knots[i - 1]![1];
    lengths[i] = lengths[i - 1]! + Math.sqrt(dx * dx + dy * dy);
  }
  const total = lengths[CHORDS]!;
  const count = Math.max(1, Math.ceil(total / spacing));
  const points: PlanePoint[] = [];
  for (let i = 1; i <= CHORDS && points.length < count; i++) {
    for (;;) {
      const goal = (total * (points.length + 0.5)) / count;
      if (points.length === count || lengths[i]! < goal) break;
      const part = (goal - lengths[i - 1]!) / (lengths[i]! - lengths[i - 1]!);
      points.push(at(from + ((to - from) * (i - 1 + part)) / CHORDS));
    }
  }
  return points;
}

/** Spacing of the Gaussians on a ridge, in units of their standard deviation. */
export const RIDGE_SPACING = 1.5;
