import { UsageError } from "../errors.js";
import { numberText } from "../number-text.js";
import { requireWhole } from "../require-whole.js";
import { BrownianCells, commonLevel, type Piece, type Place, widthOf } from "./brownian-cells.js";
import { checkSeed } from "./normal.js";

/** Which Brownian paths are wanted. */
export interface BrownianPathOptions {
  /** Integer in [0, 2^53). */
  readonly seed: number;
  /** Repeat of an experiment, in [0, 2^32). */
  readonly run?: number;
  readonly tMin: number;
  readonly tMax: number;
  /** Flat index (sample · dimension + coordinate) of the first path, firstElement + count ≤ 2^52. */
  readonly firstElement?: number;
  /** Number of paths, ≥ 1. */
  readonly count: number;
  /** Width of the finest cells as a part of tMax − tMin, in [2^-31, 1/2]. */
  readonly resolution?: number;
}

/** Independent Brownian paths on [tMin, tMax], one per element. */
export interface BrownianPath {
  readonly tMin: number;
  readonly tMax: number;
  readonly count: number;
  /**
   * Writes W(to) − W(from) of every path to `out`, and to `area`, if given, the space–time Lévy area
   * H = (1/h) ∫ (W_r − W_from − ((r − from)/h) (W_to − W_from)) dr over the interval, which has variance h/12 (h = |to − from|).
   *
   * Times in [tMin, tMax], in either order; equal times give zeros.
   */
  fillIncrement(from: number, to: number, out: Float64Array, area?: Float64Array): void;
}

/**
 * Brownian paths that are functions of time alone: not of the grid, the number of steps, the order of queries or the batch.
 *
 * A path is defined by (W, H) on dyadic cells of [tMin, tMax] down to `resolution`, and inside a finest cell by the conditional law of
 * one point. Increments and areas therefore have the exact joint law at any times of which no two lie strictly inside one finest cell;
 * between two such times the path is a smooth curve. Amortised cost: 2 normals per level below the finest cell common to both
 * times. Memory: count × levels visited.
 *
 * Source: Jelinčič, Foster & Kidger 2024, arXiv 2405.06464 (virtual Brownian tree).
 *
 * @throws UsageError for a range, seed or count out of bounds.
 */
export function brownianPath(options: BrownianPathOptions): BrownianPath {
  const { seed, run = 0, tMin, tMax, firstElement = 0, count, resolution = 2 ** -30 } = options;
  check(options);
  let depth = 1;
  while (widthOf(depth) > resolution) depth++;
  const range = tMax - tMin;
  const scale = Math.sqrt(range);
  const cells = new BrownianCells(seed, run, firstElement, count);
  const lower = piece(count);
  const upper = piece(count);

  const fillIncrement = (from: number, to: number, out: Float64Array, area?: Float64Array): void => {
    checkTime("from", from, tMin, tMax);
    checkTime("to", to, tMin, tMax);
    checkLength("out", out, count);
    if (area) checkLength("area", area, count);
    const first = place((from - tMin) / range, depth);
    const second = place((to - tMin) / range, depth);
    const forward = from <= to;
    const [s, t] = forward ? [first, second] : [second, first];
    const top = commonLevel(s, t);
    const lowerEnds = s.level === top;
    const upperEnds = t.level === top;
    // Both in one finest cell: the difference of two prefixes. Otherwise the path from s to the right end of a cell and from there to t;
    // of two places in nested cells the outer one is an end of its cell.
    const inside = lowerEnds && upperEnds;
    const takeLower = (): void => {
      if (inside) cells.prefix(s, top, lower);
      else if (lowerEnds) empty(lower);
      else cells.suffix(s, upperEnds ? top : top + 1, lower);
    };
    const takeUpper = (): void => {
      if (inside) cells.prefix(t, top, upper);
      else if (upperEnds) empty(upper);
      else cells.prefix(t, lowerEnds ? top : top + 1, upper);
    };
    // First `from`, where the query before mostly ended and the cells are at hand.
    if (forward) takeLower();
    takeUpper();
    if (!forward) takeLower();
    const length = inside ? upper.length - lower.length : lower.length + upper.length;
    const sign = forward ? scale : -scale;
    for (let i = 0; i < count; i++) {
      const before = lower.w[i]!;
      const w = inside ? upper.w[i]! - before : before + upper.w[i]!;
      out[i] = length > 0 ? sign * w : 0;
      if (!area) continue;
      const sum = inside
        ? upper.area[i]! - lower.area[i]! - length * before
        : lower.area[i]! + upper.area[i]! + upper.length * before;
      area[i] = length > 0 ? scale * (sum / length - 0.5 * w) : 0;
    }
  };
  return { tMin, tMax, count, fillIncrement };
}

/** The place of u in [0, 1]: an end of a cell wherever u is one, otherwise inside a finest cell. */
function place(u: number, depth: number): Place {
  if (u >= 1) return { level: 0, index: 0, fraction: 1 };
  const scaled = u / widthOf(depth);
  let index = Math.floor(scaled);
  if (scaled > index) return { level: depth, index, fraction: scaled - index };
  let level = depth;
  while (level > 0 && index % 2 === 0) {
    index /= 2;
    level--;
  }
  return { level, index, fraction: 0 };
}

function piece(count: number): Piece {
  return { length: 0, w: new Float64Array(count), area: new Float64Array(count) };
}

function empty(out: Piece): void {
  out.length = 0;
  out.w.fill(0);
  out.area.fill(0);
}

function check({ seed, run = 0, tMin, tMax, firstElement = 0, count, resolution = 0.5 }: BrownianPathOptions): void {
  checkSeed(seed);
  requireWhole("run", run, 0, 2 ** 32 - 1, "number the repeats from 0");
  if (!(Number.isFinite(tMin) && Number.isFinite(tMax) && tMin < tMax))
    throw new UsageError(
      `tMin: must be below tMax, both finite, but got ${numberText(tMin)} and ${numberText(tMax)} - exchange them`,
    );
  requireWhole("count", count, 1, Number.POSITIVE_INFINITY, "ask for one path or more");
  requireWhole("firstElement", firstElement, 0, 2 ** 52 - count, "number the elements from 0");
  if (!(resolution >= 2 ** -31 && resolution <= 0.5))
    throw new UsageError(
      `resolution: must be in [2^-31, 1/2], but got ${numberText(resolution)} - leave it out for 2^-30`,
    );
}

function checkTime(name: string, t: number, tMin: number, tMax: number): void {
  if (!(t >= tMin && t <= tMax))
    throw new UsageError(
      `${name}: must be in [tMin, tMax] = [${numberText(tMin)}, ${numberText(tMax)}], but got ${numberText(t)} - make the path on a wider range`,
    );
}

function checkLength(name: string, array: Float64Array, count: number): void {
  if (array.length < count)
    throw new UsageError(
      `${name}: must hold ${count} numbers, but got ${array.length} - allocate one number for each path`,
    );
}
