import { exp, log } from "../math/elementary.js";

/** A density on uniform nodes: the coordinate that states of the law space are functions of. */
export interface LawFrame {
  readonly nodes: Float64Array;
  readonly spacing: number;
  /** Density at the nodes; its sum times the spacing is the mass. */
  readonly density: Float64Array;
}

/** Densities below this share of the largest one are cut off the ends of a frame. */
const NEGLIGIBLE = 1e-17;

/** Half width of a Gaussian kernel in standard deviations; beyond it the kernel is below 1e-17 of its peak. */
export const KERNEL_REACH = 8.8;

/** count uniform nodes on [low, high]. */
export function uniformNodes(low: number, high: number, count: number): Float64Array {
  const spacing = (high - low) / (count - 1);
  return Float64Array.from({ length: count }, (_, i) => low + i * spacing);
}

/** A frame without its negligible ends. */
export function trimmedFrame(nodes: Float64Array, density: Float64Array): LawFrame {
  const spacing = (nodes[nodes.length - 1]! - nodes[0]!) / (nodes.length - 1);
  const least = NEGLIGIBLE * density.reduce((largest, value) => Math.max(largest, value), 0);
  let first = 0;
  let last = density.length - 1;
  while (first < last && density[first]! < least) first++;
  while (last > first && density[last]! < least) last--;
  return { nodes: nodes.slice(first, last + 1), spacing, density: density.slice(first, last + 1) };
}

/**
 * Adds Σᵢ weightsᵢ N(y; centresᵢ, width²) to `out` at uniform nodes.
 *
 * Kernel values follow a second-order recurrence, restarted every 32 nodes: relative error below 1e-13.
 */
export function addKernels(
  centres: Float64Array,
  weights: Float64Array,
  width: number,
  nodes: Float64Array,
  spacing: number,
  out: Float64Array,
): void {
  const low = nodes[0]!;
  const step = spacing / width;
  const curvature = exp(-step * step);
  const peak = 1 / (width * Math.sqrt(2 * Math.PI));
  for (let i = 0; i < centres.length; i++) {
    const weight = weights[i]! * peak;
    if (weight < 1e-290) continue;
    const centre = centres[i]!;
    const from = Math.max(0, Math.ceil((centre - KERNEL_REACH * width - low) / spacing));
    const to = Math.min(nodes.length - 1, Math.floor((centre + KERNEL_REACH * width - low) / spacing));
    for (let start = from; start <= to; start += 32) {
      const z = (low + start * spacing - centre) / width;
      let value = weight * exp(-0.5 * z * z);
      let ratio = exp(-step * (z + 0.5 * step));
      const end = Math.min(to, start + 31);
      for (let j = start; j <= end; j++) {
        out[j] = out[j]! + value;
        value *= ratio;
        ratio *= curvature;
      }
    }
  }
}

/** Pushes the density of one frame through maps; what all maps share is computed once. */
export class PushForward {
  readonly #frame: LawFrame;
  readonly #logDensity: LocalPolynomials;
  readonly #negligible: number;

  constructor(frame: LawFrame) {
    this.#frame = frame;
    this.#logDensity = new LocalPolynomials(frame.density.map((value) => (value > 0 ? log(value) : -800)));
    this.#negligible = 1e-12 * frame.density.reduce((most, value) => Math.max(most, value), 0);
  }

  /**
   * Adds the density of map(X) to `out` at uniform nodes, X having the density of the frame times `weight`.
   *
   * Between two nodes the map and the log-density are polynomials of degree 5 through the six nearest nodes; where the map folds,
   * branches add up.
   *
   * @returns true when the map folds where the density is not negligible
   */
  add(map: Float64Array, weight: number, nodes: Float64Array, spacing: number, out: Float64Array): boolean {
    const { density } = this.#frame;
    const low = nodes[0]!;
    const last = nodes.length - 1;
    const mapAt = new LocalPolynomials(map);
    const densityAt = this.#logDensity;
    let folds = false;
    for (let i = 0; i + 1 < map.length; i++) {
      const a = map[i]!;
      const b = map[i + 1]!;
      if (!(b > a) && density[i]! > this.#negligible) folds = true;
      const from = Math.max(0, Math.ceil((Math.min(a, b) - low) / spacing));
      const to = Math.min(last, Math.floor((Math.max(a, b) - low) / spacing));
      for (let j = from; j <= to; j++) {
        const position = mapAt.invert(i, low + j * spacing);
        mapAt.evaluate(i, position);
        const slope = Math.abs(mapAt.slope) / this.#frame.spacing;
        if (slope === 0) continue;
        densityAt.evaluate(i, position);
        out[j] = out[j]! + (weight * exp(densityAt.value)) / slope;
      }
    }
    return folds;
  }
}

const POINTS = 6;

/** Polynomials of degree 5 through the six nodes nearest to each interval, in Newton's form; positions count nodes. */
class LocalPolynomials {
  value = 0;
  /** Derivative per node. */
  slope = 0;
  readonly #values: Float64Array;
  /** POINTS divided differences for each base node; a NaN marks a base that is not computed yet. */
  readonly #differences: Float64Array;

  constructor(values: Float64Array) {
    this.#values = values;
    this.#differences = new Float64Array(values.length * POINTS).fill(Number.NaN);
  }

  /** Sets `value` and `slope` at a position in the interval from node i to node i + 1, by Horner's rule. */
  evaluate(i: number, position: number): void {
    const base = Math.max(0, Math.min(i - 2, this.#values.length - POINTS));
    const differences = this.#differences;
    const offset = base * POINTS;
    if (Number.isNaN(differences[offset]!)) this.#divide(base);
    const local = position - base;
    let value = 0;
    let slope = 0;
    for (let k = POINTS - 1; k >= 0; k--) {
      slope = slope * (local - k) + value;
      value = value * (local - k) + differences[offset + k]!;
    }
    this.value = value;
    this.slope = slope;
  }

  #divide(base: number): void {
    const differences = this.#differences;
    const offset = base * POINTS;
    for (let k = 0; k < POINTS; k++) differences[offset + k] = this.#values[base + k]!;
    for (let order = 1; order < POINTS; order++) {
      for (let k = POINTS - 1; k >= order; k--) {
        differences[offset + k] = (differences[offset + k]! - differences[offset + k - 1]!) / order;
      }
    }
  }

  /** The position in [i, i + 1] where the polynomial equals y, by Newton's method from the chord. */
  invert(i: number, y: number): number {
    const a = this.#values[i]!;
    const b = this.#values[i + 1]!;
    let position = i + (b === a ? 0.5 : (y - a) / (b - a));
    for (let iteration = 0; iteration < 6; iteration++) {
      this.evaluate(i, position);
      if (this.slope === 0) return position;
      const next = position - (this.value - y) / this.slope;
      if (!(next >= i - 0.01 && next <= i + 1.01)) return position;
      if (Math.abs(next - position) < 1e-12) return next;
      position = next;
    }
    return position;
  }
}
