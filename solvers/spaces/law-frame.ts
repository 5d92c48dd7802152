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

/**
 * Adds the density of map(X) to `out` at uniform nodes, X having the density of the frame times `weight`.
 *
 * Between two nodes the map and the log-density are polynomials of degree 5 through the six nearest nodes; where the map folds,
 * branches add up.
 *
 * @returns true when the map folds where the density is not negligible
 */
export function addPushForward(
  frame: LawFrame,
  map: Float64Array,
  weight: number,
  nodes: Float64Array,
  spacing: number,
  out: Float64Array,
): boolean {
  const count = frame.nodes.length;
  const low = nodes[0]!;
  const largest = frame.density.reduce((most, value) => Math.max(most, value), 0);
  const logDensity = frame.density.map((value) => (value > 0 ? log(value) : -800));
  let folds = false;
  for (let i = 0; i + 1 < count; i++) {
    const a = map[i]!;
    const b = map[i + 1]!;
    if (!(b > a) && frame.density[i]! > 1e-12 * largest) folds = true;
    const from = Math.max(0, Math.ceil((Math.min(a, b) - low) / spacing));
    const to = Math.min(nodes.length - 1, Math.floor((Math.max(a, b) - low) / spacing));
    const base = Math.min(Math.max(i - 2, 0), Math.max(0, count - 6));
    for (let j = from; j <= to; j++) {
      const y = low + j * spacing;
      const position = invert(map, base, i - base, y);
      const slope = interpolate(map, base, position).slope / frame.spacing;
      if (slope === 0) continue;
      out[j] = out[j]! + (weight * exp(interpolate(logDensity, base, position).value)) / Math.abs(slope);
    }
  }
  return folds;
}

/** The place in [offset, offset + 1] (in nodes from `base`) where the interpolated map equals y. */
function invert(map: Float64Array, base: number, offset: number, y: number): number {
  const a = map[base + offset]!;
  const b = map[base + offset + 1]!;
  let position = offset + (b === a ? 0.5 : (y - a) / (b - a));
  for (let iteration = 0; iteration < 6; iteration++) {
    const { value, slope } = interpolate(map, base, position);
    const next = slope === 0 ? position : position - (value - y) / slope;
    if (!(next >= offset - 0.01 && next <= offset + 1.01)) break;
    if (Math.abs(next - position) < 1e-14) return next;
    position = next;
  }
  return position;
}

/** Value and derivative (per node) at `position` of the polynomial through up to six nodes from `base`. */
function interpolate(values: Float64Array, base: number, position: number): { value: number; slope: number } {
  const points = Math.min(6, values.length - base);
  let value = 0;
  let slope = 0;
  // Newton's divided differences on the nodes 0, 1, …, evaluated by Horner with its derivative.
  const differences = values.slice(base, base + points);
  for (let order = 1; order < points; order++) {
    for (let k = points - 1; k >= order; k--) differences[k] = (differences[k]! - differences[k - 1]!) / order;
  }
  for (let k = points - 1; k >= 0; k--) {
    slope = slope * (position - k) + value;
    value = value * (position - k) + differences[k]!;
  }
  return { value, slope };
}
