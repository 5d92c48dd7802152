import { UsageError } from "../errors.js";
import { numberText } from "../number-text.js";

/** The accepted points of one path and the polynomials between them. */
export interface PathRecord {
  readonly dimension: number;
  /** Times of the accepted points, in the order of integration. */
  readonly times: Float64Array;
  /** States at `times`, row-major. */
  readonly states: Float64Array;
  /** For every step and component the coefficients Σᵢ kᵢ Pᵢⱼ, j = 0 … degree − 1; null where only the points were kept. */
  readonly polynomials: Float64Array | null;
  readonly degree: number;
}

/** Index of the step that contains t: times[i] ≤ t < times[i + 1] in the direction of integration; the last step holds its end too. */
function stepAt(times: Float64Array, t: number): number {
  const direction = times[times.length - 1]! >= times[0]! ? 1 : -1;
  let low = 0;
  let high = times.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (direction * (t - times[middle]!) >= 0) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * The solution at any time between the first and the last accepted point: y(tᵢ + θh) = yᵢ + h Σⱼ qⱼ θ^{j+1}.
 *
 * At an accepted point it returns the state itself. Accuracy: the order of the method's interpolant.
 *
 * @throws UsageError where t is outside, or the polynomials were not kept.
 */
export function interpolate(
  path: PathRecord,
  t: number,
  out: Float64Array = new Float64Array(path.dimension),
): Float64Array {
  const { dimension, times, states, polynomials, degree } = path;
  const last = times.length - 1;
  const [from, to] = [times[0]!, times[last]!];
  if (!(t >= Math.min(from, to) && t <= Math.max(from, to))) {
    throw new UsageError(
      `t: must lie between ${numberText(from)} and ${numberText(to)}, where the solution is known, but got ${numberText(t)} - integrate further to reach it`,
    );
  }
  const known = t === to ? last : stepAt(times, t);
  if (t === times[known]) {
    for (let d = 0; d < dimension; d++) out[d] = states[known * dimension + d]!;
    return out;
  }
  if (polynomials === null) {
    throw new UsageError(`keepPath: must be "dense" to read between accepted points, but was not - set it`);
  }
  const h = times[known + 1]! - times[known]!;
  const theta = (t - times[known]!) / h;
  for (let d = 0; d < dimension; d++) {
    const at = (known * dimension + d) * degree;
    let sum = 0;
    for (let j = degree - 1; j >= 0; j--) sum = theta * (sum + polynomials[at + j]!);
    out[d] = states[known * dimension + d]! + h * sum;
  }
  return out;
}
