import ndarray, { type NdArray } from "ndarray";
import { UsageError } from "../../solvers/errors.js";
import { atan, sin } from "../../solvers/math/elementary.js";
import { requireWhole } from "../../solvers/require-whole.js";
import type { Status } from "../../solvers/types.js";
import { encode, type FlowOptions, flowSolver } from "./encode.js";
import { sample } from "./sample.js";

/** What `interpolate` is told. */
export interface InterpolateOptions extends FlowOptions {
  /** The two ends, `dimension` numbers each. */
  readonly from: ArrayLike<number>;
  readonly to: ArrayLike<number>;
  /** Number of points, both ends among them, ≥ 2. */
  readonly count: number;
  /** 'spherical' (default above one dimension) keeps the typical length of latents; 'linear' (default in one) does not. */
  readonly kind?: "spherical" | "linear";
}

/** What `interpolate` returns. */
export interface InterpolateResult {
  /** [count, dimension] at tMin; rows run from `from` to `to`. */
  readonly samples: NdArray<Float64Array>;
  /** Their latents at tMax, [count, dimension]. */
  readonly latents: NdArray<Float64Array>;
  /** Share of `to` in each row, 0, …, 1. */
  readonly weights: Float64Array;
  /** Model evaluations per row of encoding and decoding together, mean. */
  readonly evaluations: number;
  /** The worse status of encoding and decoding; `samples` are NaN where the ends could not be encoded. */
  readonly status: Status;
  readonly message: string;
}

/**
 * A path between two data points: both encoded, their latents joined by an arc or a line, every point of it decoded.
 *
 * Song et al. 2021 (arXiv 2011.13456) appendix D.2; spherical interpolation: Shoemake 1985.
 *
 * @throws UsageError for ends of the wrong length, count < 2, a solver on a grid, or an arc between opposite latents
 */
export async function interpolate(options: InterpolateOptions): Promise<InterpolateResult> {
  const { from, to, count, ...flow } = options;
  const { dimension } = flow.model;
  const { kind = dimension === 1 ? "linear" : "spherical" } = options;
  requireWhole("count", count, 2, 2 ** 31);
  if (kind !== "spherical" && kind !== "linear") {
    throw new UsageError(`kind: must be 'spherical' or 'linear', but got ${JSON.stringify(kind)}`);
  }
  for (const [name, end] of Object.entries({ from, to })) {
    if (end.length !== dimension) {
      throw new UsageError(`${name}: must hold ${dimension} numbers, one per dimension, but got ${end.length}`);
    }
  }
  const solver = flowSolver(flow);
  const weights = Float64Array.from({ length: count }, (_, i) => i / (count - 1));
  const ends = await encode({ ...flow, solver, points: Float64Array.from([...Array.from(from), ...Array.from(to)]) });
  const latents = new Float64Array(count * dimension);
  const shape = [count, dimension];
  if (ends.status !== "success") {
    const samples = ndarray(new Float64Array(latents.length).fill(Number.NaN), shape);
    return { ...ends, samples, latents: ndarray(latents.fill(Number.NaN), shape), weights };
  }
  const first = ends.latents.data.subarray(0, dimension);
  const last = ends.latents.data.subarray(dimension);
  const shares = kind === "linear" ? linearShares : sphericalShares(first, last);
  for (const [row, weight] of weights.entries()) {
    const [a, b] = shares(weight);
    for (let d = 0; d < dimension; d++) latents[row * dimension + d] = a * first[d]! + b * last[d]!;
  }
  const decoded = await sample({
    sde: flow.sde,
    model: flow.model,
    solver,
    samples: count,
    initial: latents,
    ...(flow.condition === undefined ? {} : { condition: flow.condition }),
    ...(flow.signal === undefined ? {} : { signal: flow.signal }),
  });
  return {
    samples: decoded.samples,
    latents: ndarray(latents, shape),
    weights,
    evaluations: decoded.evaluations + (2 * ends.evaluations) / count,
    status: decoded.status,
    message: decoded.message,
  };
}

/** Factors of the two ends at weight w. */
type Shares = (weight: number) => readonly [number, number];

const linearShares: Shares = (w) => [1 - w, w];

/** sin((1 − w)θ)/sin θ and sin(wθ)/sin θ for the angle θ between the ends. */
function sphericalShares(first: Float64Array, last: Float64Array): Shares {
  const [lengthA, lengthB] = [length(first), length(last)];
  const difference = first.map((value, i) => value / lengthA - last[i]! / lengthB);
  const sum = first.map((value, i) => value / lengthA + last[i]! / lengthB);
  // Kahan's angle: full precision for parallel and for opposite vectors.
  const [apart, together] = [length(difference), length(sum)];
  if (!(together > 1e-8)) {
    throw new UsageError("kind: 'spherical' has no arc between opposite latents - use kind: 'linear'");
  }
  const angle = 2 * atan(apart / together);
  if (angle < 1e-8) return linearShares;
  return (w) => [sin((1 - w) * angle) / sin(angle), sin(w * angle) / sin(angle)];
}

function length(x: Float64Array): number {
  return Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
}
