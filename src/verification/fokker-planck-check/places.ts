import { exp } from "../../../solvers/math/elementary.js";
import type { Sde } from "../../sdes/types.js";
import type { PerturbedLaw, Target } from "../../targets/types.js";
import { perturbedAt } from "../laws/output-law.js";
import { lineRule } from "../line-rule.js";
import { exactDraws } from "./exact-draws.js";

/** Places that cover a law. */
export interface Places {
  /** count × dimension, row-major. */
  readonly points: Float64Array;
  readonly count: number;
  /** Smallest 1/√|∇·s| per dimension: the width of the sharpest feature seen. */
  readonly width: number;
  /** The lattice in the plane that the points are taken of; null on the line. */
  readonly lattice: PlaneLattice | null;
}

/** A lattice of the plane; node (i, j), at x[i], y[j], is i · y.length + j. */
export interface PlaneLattice {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Nodes where the law has its mass, in ascending order: the places. */
  readonly nodes: Int32Array;
}

/** How a law is covered. */
export interface PlacesRequest {
  /** Nodes on the line. */
  readonly nodes: number;
  /** Probability left out at each end on the line, and in all in the plane. */
  readonly tail: number;
}

/** Nodes along each axis of the plane. */
const SIDE = 31;
/** Exact samples whose extent frames the plane. */
const DRAWS = 2000;

/** Equally spaced places between the far quantiles of p_t, or in the plane the nodes of a lattice that hold its mass. */
export function placesOf(target: Target, sde: Sde, t: number, request: PlacesRequest): Places {
  const law = perturbedAt(target, sde, t);
  return target.dimension === 1 ? linePlaces(law, request) : planePlaces(target, law, request);
}

function linePlaces(law: PerturbedLaw, { nodes, tail }: PlacesRequest): Places {
  const low = law.quantile!(tail);
  const high = law.quantile!(tail, { upper: true });
  const points = Float64Array.from({ length: nodes }, (_, i) => low + ((high - low) * i) / (nodes - 1));
  return { points, count: nodes, width: lineRule(law, 1).width, lattice: null };
}

function planePlaces(target: Target, law: PerturbedLaw, { tail }: PlacesRequest): Places {
  const [x, y] = planeAxes(target, law, SIDE);
  const all = new Float64Array(2 * SIDE * SIDE);
  for (let k = 0; k < SIDE * SIDE; k++) {
    all[2 * k] = x[Math.floor(k / SIDE)]!;
    all[2 * k + 1] = y[k % SIDE]!;
  }
  const density = densityOf(law, all, 2);
  const nodes = heaviest(density, 1 - tail);
  const points = new Float64Array(2 * nodes.length);
  nodes.forEach((node, k) => {
    points.set(all.subarray(2 * node, 2 * node + 2), 2 * k);
  });
  const divergence = new Float64Array(nodes.length);
  law.scoreDivergence(points, nodes.length, divergence);
  const steepest = divergence.reduce((most, value) => Math.max(most, 0.5 * Math.abs(value)), 0);
  return { points, count: nodes.length, width: 1 / Math.sqrt(steepest), lattice: { x, y, nodes } };
}

/** `side` equally spaced places along x and y that frame a law of the target, with `margin` of the range more on each side. */
export function planeAxes(
  target: Target,
  law: PerturbedLaw,
  side: number,
  margin = 0,
): readonly [x: Float64Array, y: Float64Array] {
  const [x, y] = planeFrame(target, law).map(([low, high]) => {
    const [first, length] = [low - margin * (high - low), (1 + 2 * margin) * (high - low)];
    return Float64Array.from({ length: side }, (_, i) => first + (length * i) / (side - 1));
  });
  return [x!, y!];
}

/** Intervals of x and y that hold 2000 exact samples of a law of the target. */
export function planeFrame(target: Target, law: PerturbedLaw): readonly (readonly [number, number])[] {
  const draws = exactDraws(target, law, { count: DRAWS, seed: 0, run: 99, stream: "floor" });
  return [0, 1].map((axis) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = axis; i < draws.length; i += 2) {
      low = Math.min(low, draws[i]!);
      high = Math.max(high, draws[i]!);
    }
    return [low, high] as const;
  });
}

/** p at points, count × dimension. */
export function densityOf(law: PerturbedLaw, points: Float64Array, dimension: number): Float64Array {
  return logDensityOf(law, points, dimension).map((value) => exp(value));
}

/** log p at points, count × dimension. */
export function logDensityOf(law: PerturbedLaw, points: Float64Array, dimension: number): Float64Array {
  const out = new Float64Array(points.length / dimension);
  law.logDensity(points, out.length, out);
  return out;
}

/** Indices of the greatest values that make up a share of their sum, ascending. */
function heaviest(values: Float64Array, share: number): Int32Array {
  const order = Int32Array.from(values, (_, k) => k).sort((a, b) => values[b]! - values[a]!);
  const total = values.reduce((sum, value) => sum + value, 0);
  let [sum, count] = [0, 0];
  while (count < order.length && sum < share * total) sum += values[order[count++]!]!;
  return order.slice(0, count).sort();
}
