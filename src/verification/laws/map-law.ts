import { exp } from "../../../solvers/math/elementary.js";
import { type CellLaw, massBetween } from "./cell-law.js";

/** The law a deterministic solver starts from. */
export interface MapStart {
  cdf(x: number): number;
  survival(x: number): number;
  logDensity(x: Float64Array, count: number, out: Float64Array): void;
  /** An interval that holds the mass but for 1e-16. */
  readonly low: number;
  readonly high: number;
}

/** Evaluates the map at many points at once; `evaluations` is the number of model evaluations per point. */
export type LineMap = (
  points: Float64Array,
) => Promise<{ readonly values: Float64Array; readonly evaluations: number }>;

const FIRST_NODES = 2049;
const ROUNDS = 24;
const MOST_NODES = 60_000;

/**
 * The law of map(X), X ~ start, by adaptive bisection.
 *
 * An interval is halved while its mass times the square of its image's excess over that of its fellows could move W2² by more
 * than `tolerance`: then images jump between modes only across negligible mass.
 *
 * @param tolerance of W2², as a share of the image's variance
 */
export async function mapLaw(evaluate: LineMap, start: MapStart, { tolerance = 1e-12 } = {}): Promise<CellLaw> {
  const { low, high } = start;
  let evaluations = 0;
  const map = async (points: Float64Array) => {
    const answer = await evaluate(points);
    evaluations = answer.evaluations;
    return answer.values;
  };
  let nodes = Float64Array.from({ length: FIRST_NODES }, (_, i) => low + ((high - low) * i) / (FIRST_NODES - 1));
  let values = await map(nodes);
  const allowed = tolerance * varianceOf(values, start, nodes);
  for (let round = 0; round < ROUNDS && nodes.length < MOST_NODES; round++) {
    const added = newNodes(nodes, values, start, allowed);
    if (added.length === 0) break;
    ({ nodes, values } = merge(nodes, values, added, await map(added)));
  }
  const below = nodes.map((x) => start.cdf(x));
  const above = nodes.map((x) => start.survival(x));
  let folds = false;
  let mean = 0;
  let square = 0;
  for (let i = 0; i + 1 < nodes.length; i++) {
    const mass = massBetween(below, above, i);
    const [u, v] = [values[i]!, values[i + 1]!];
    if (!(v > u) && mass > 1e-13) folds = true;
    mean += (mass * (u + v)) / 2;
    square += (mass * (u * u + u * v + v * v)) / 3;
  }
  return { values, below, above, mean, variance: square - mean * mean, folds, massError: 0, evaluations };
}

/** The image's variance with the start's mass even inside each interval; 1 where images overflow or all are one. */
function varianceOf(values: Float64Array, start: MapStart, nodes: Float64Array): number {
  const masses = massesOf(nodes, start);
  const mean = masses.reduce((sum, mass, i) => sum + (mass * (values[i]! + values[i + 1]!)) / 2, 0);
  const variance = masses.reduce((sum, mass, i) => {
    const [u, v] = [values[i]! - mean, values[i + 1]! - mean];
    return sum + (mass * (u * u + u * v + v * v)) / 3;
  }, 0);
  return variance > 0 && variance < Number.POSITIVE_INFINITY ? variance : 1;
}

/** The start's mass on each interval, by its density at the middle. */
function massesOf(nodes: Float64Array, start: MapStart): Float64Array {
  const middles = nodes.slice(0, -1).map((x, i) => (x + nodes[i + 1]!) / 2);
  const logDensity = new Float64Array(middles.length);
  start.logDensity(middles, middles.length, logDensity);
  return logDensity.map((value, i) => exp(value) * (nodes[i + 1]! - nodes[i]!));
}

/** Middles of the intervals that are still too coarse. */
function newNodes(nodes: Float64Array, values: Float64Array, start: MapStart, tolerance: number): Float64Array {
  const added: number[] = [];
  const masses = massesOf(nodes, start);
  for (let i = 0; i < masses.length; i++) {
    const width = nodes[i + 1]! - nodes[i]!;
    const image = values[i + 1]! - values[i]!;
    const middle = (nodes[i]! + nodes[i + 1]!) / 2;
    // A chord misses the map by at most about the change of slope against the neighbours; the jump itself bounds it.
    const bend = Math.abs(image - width * neighbourSlope(nodes, values, i));
    if (masses[i]! * bend * bend > tolerance * 0.01 && middle > nodes[i]! && middle < nodes[i + 1]!) added.push(middle);
  }
  return Float64Array.from(added);
}

/** The smaller of the slopes of the two neighbouring intervals. */
function neighbourSlope(nodes: Float64Array, values: Float64Array, i: number): number {
  const slope = (k: number) => (values[k + 1]! - values[k]!) / (nodes[k + 1]! - nodes[k]!);
  const last = nodes.length - 2;
  return Math.min(slope(Math.max(0, i - 1)), slope(Math.min(last, i + 1)));
}

/** Both lists of nodes are increasing. */
function merge(nodes: Float64Array, values: Float64Array, added: Float64Array, images: Float64Array) {
  const length = nodes.length + added.length;
  const merged = { nodes: new Float64Array(length), values: new Float64Array(length) };
  for (let i = 0, j = 0, k = 0; k < length; k++) {
    const isOld = j === added.length || (i < nodes.length && nodes[i]! < added[j]!);
    merged.nodes[k] = isOld ? nodes[i]! : added[j]!;
    merged.values[k] = isOld ? values[i++]! : images[j++]!;
  }
  return merged;
}
