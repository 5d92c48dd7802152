import { exp } from "../../../solvers/math/elementary.js";
import type { CellLaw } from "./cell-law.js";
import { massBetween } from "./coupling-integrals.js";

/** The law a deterministic solver starts from. */
export interface MapStart {
  cdf(x: number): number;
  survival(x: number): number;
  logDensity(x: Float64Array, count: number, out: Float64Array): void;
  /** An interval that holds the mass but for 1e-16. */
  readonly low: number;
  readonly high: number;
}

/** Evaluates the map at many points at once; `evaluations` counts those of the model, point by point. */
export type LineMap = (
  points: Float64Array,
) => Promise<{ readonly values: Float64Array; readonly evaluations: Float64Array }>;

export interface MapLawOptions {
  /** Of W2², as a share of the image's variance; default 1e-12. */
  readonly tolerance?: number;
  /** Of an interval; default 1, so that bends alone are halved. */
  readonly largestMass?: number;
}

/** What is known of the map: nodes, increasing, and its answers there. */
interface MapTable {
  readonly nodes: Float64Array;
  readonly values: Float64Array;
  readonly evaluations: Float64Array;
}

const FIRST_NODES = 2049;
const ROUNDS = 24;
const MOST_NODES = 120_000;
/** Mass of an interval whose ends cost differently: a thousand of them, 20 evaluations apart, move the mean by 1e-2 at most. */
const COST_MASS = 1e-6;

/**
 * The law of map(X), X ~ start, by adaptive bisection.
 *
 * An interval is halved while its mass times the square of its image's excess over that of its fellows could move W2² by more
 * than `tolerance`: then images jump between modes only across negligible mass. Where the ends of an interval cost differently the map
 * jumps, however little, and the interval is halved until its mass is negligible. Two jumps inside one interval may hide each other;
 * `largestMass` bounds what they hide.
 */
export async function mapLaw(
  evaluate: LineMap,
  start: MapStart,
  { tolerance = 1e-12, largestMass = 1 }: MapLawOptions = {},
): Promise<CellLaw> {
  const { low, high } = start;
  const first = Float64Array.from({ length: FIRST_NODES }, (_, i) => low + ((high - low) * i) / (FIRST_NODES - 1));
  let table: MapTable = { nodes: first, ...(await evaluate(first)) };
  const allowed = tolerance * varianceOf(table, start);
  for (let round = 0; round < ROUNDS && table.nodes.length < MOST_NODES; round++) {
    const added = newNodes(table, start, allowed, largestMass);
    if (added.length === 0) break;
    table = merge(table, { nodes: added, ...(await evaluate(added)) });
  }
  const { nodes, values, evaluations } = table;
  const below = nodes.map((x) => start.cdf(x));
  const above = nodes.map((x) => start.survival(x));
  const fewest = evaluations.reduce((least, count) => Math.min(least, count), Number.POSITIVE_INFINITY);
  let folds = false;
  let mean = 0;
  let square = 0;
  let more = 0;
  for (let i = 0; i + 1 < nodes.length; i++) {
    const mass = massBetween(below, above, i);
    const [u, v] = [values[i]!, values[i + 1]!];
    if (!(v > u) && mass > 1e-13) folds = true;
    mean += (mass * (u + v)) / 2;
    square += (mass * (u * u + u * v + v * v)) / 3;
    more += mass * ((evaluations[i]! + evaluations[i + 1]!) / 2 - fewest);
  }
  const variance = square - mean * mean;
  return { values, below, above, mean, variance, folds, massError: 0, evaluations: fewest + more };
}

/** The image's variance with the start's mass even inside each interval; 1 where images overflow or all are one. */
function varianceOf({ nodes, values }: MapTable, start: MapStart): number {
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
function newNodes(
  { nodes, values, evaluations }: MapTable,
  start: MapStart,
  tolerance: number,
  largestMass: number,
): Float64Array {
  const added: number[] = [];
  const masses = massesOf(nodes, start);
  for (let i = 0; i < masses.length; i++) {
    const width = nodes[i + 1]! - nodes[i]!;
    const image = values[i + 1]! - values[i]!;
    const middle = (nodes[i]! + nodes[i + 1]!) / 2;
    // A chord misses the map by at most about the change of slope against the neighbours; the jump itself bounds it.
    const bend = Math.abs(image - width * neighbourSlope(nodes, values, i));
    const mass = masses[i]!;
    const jumps = evaluations[i] !== evaluations[i + 1] && mass > COST_MASS;
    const isCoarse = mass > largestMass || mass * bend * bend > tolerance * 0.01 || jumps;
    if (isCoarse && middle > nodes[i]! && middle < nodes[i + 1]!) added.push(middle);
  }
  return Float64Array.from(added);
}

/** The smaller of the slopes of the two neighbouring intervals. */
function neighbourSlope(nodes: Float64Array, values: Float64Array, i: number): number {
  const slope = (k: number) => (values[k + 1]! - values[k]!) / (nodes[k + 1]! - nodes[k]!);
  const last = nodes.length - 2;
  return Math.min(slope(Math.max(0, i - 1)), slope(Math.min(last, i + 1)));
}

/** Both lists of nodes are increasing and have none in common. */
function merge(old: MapTable, added: MapTable): MapTable {
  const length = old.nodes.length + added.nodes.length;
  const merged = {
    nodes: new Float64Array(length),
    values: new Float64Array(length),
    evaluations: new Float64Array(length),
  };
  for (let i = 0, j = 0, k = 0; k < length; k++) {
    const isOld = j === added.nodes.length || (i < old.nodes.length && old.nodes[i]! < added.nodes[j]!);
    const [from, at] = isOld ? [old, i++] : [added, j++];
    merged.nodes[k] = from.nodes[at]!;
    merged.values[k] = from.values[at]!;
    merged.evaluations[k] = from.evaluations[at]!;
  }
  return merged;
}
