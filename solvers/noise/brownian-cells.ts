import { POWERS_OF_TWO } from "../math/powers-of-two.js";
import { type BridgeSplit, bridgeSplit } from "./brownian-bridge.js";
import { fillNormal, type NoiseName } from "./normal.js";

/** A dyadic cell [index, index + 1] · 2^-level of [0, 1]. */
export interface Cell {
  readonly level: number;
  readonly index: number;
}

/** A point of [0, 1]: the cell that holds it and how far into it, in [0, 1]; strictly inside only for finest cells. */
export interface Place extends Cell {
  readonly fraction: number;
}

/** Increment W and area A = ∫ (W_r − W_start) dr of `count` paths over some interval of the given length. */
export interface Piece {
  length: number;
  readonly w: Float64Array;
  readonly area: Float64Array;
}

/**
 * `count` Brownian paths on [0, 1] as (W, H) on dyadic cells: the cells from the root down to one current cell.
 *
 * A cell's values are a function of (seed, run, element, cell) alone: the normals of its parent's split are named by the parent's
 * place 2^level + index in the tree. Memory: depth × count.
 */
export class BrownianCells {
  private readonly name: Pick<NoiseName, "seed" | "run" | "stream">;
  private readonly firstElement: number;
  private readonly count: number;
  private readonly w: Float64Array[] = [];
  private readonly h: Float64Array[] = [];
  private readonly normals: Float64Array;
  private cell: Cell = { level: 0, index: 0 };

  constructor(seed: number, run: number, firstElement: number, count: number) {
    this.name = { seed, run, stream: "path" };
    this.firstElement = firstElement;
    this.count = count;
    this.normals = new Float64Array(2 * count);
    const { w, h } = this.level(0);
    this.draw(0);
    for (let i = 0; i < count; i++) {
      w[i] = this.normals[2 * i]!;
      h[i] = this.normals[2 * i + 1]! / Math.sqrt(12);
    }
  }

  /** Makes `cell` the current one, keeping what it shares with the one before. */
  private moveTo(cell: Cell): void {
    for (let level = commonLevel(this.cell, cell); level < cell.level; level++) {
      const { w, h } = this.level(level);
      const child = this.level(level + 1);
      const index = cell.index >>> (cell.level - level);
      const half = 0.5 * widthOf(level);
      const split = bridgeSplit(half, half);
      this.draw(nodeOf(level, index));
      if ((cell.index >>> (cell.level - level - 1)) & 1) this.takeRight(split, w, h, child.w, child.h);
      else this.takeLeft(split, w, h, child.w, child.h);
    }
    this.cell = { level: cell.level, index: cell.index };
  }

  /** Writes to `out` the paths from the left end of the cell at level `top` that holds `place` to `place`. */
  prefix(place: Place, top: number, out: Piece): void {
    const { level, index } = place;
    this.moveTo(place);
    this.end(place, out, true);
    for (let up = level - 1; up >= top; up--)
      if ((index >>> (level - up - 1)) & 1) {
        // The left sibling: the parent less the right child.
        const { w, h } = this.level(up);
        const right = this.level(up + 1);
        const half = 0.5 * widthOf(up);
        for (let i = 0; i < this.count; i++) {
          const siblingW = w[i]! - right.w[i]!;
          const areas = 2 * half * (h[i]! + 0.5 * w[i]!) - half * (right.h[i]! + 0.5 * right.w[i]!);
          out.area[i] = out.area[i]! + (areas - half * siblingW) + out.length * siblingW;
          out.w[i] = siblingW + out.w[i]!;
        }
        out.length += half;
      }
  }

  /** Writes to `out` the paths from `place` to the right end of the cell at level `top` that holds it. */
  suffix(place: Place, top: number, out: Piece): void {
    const { level, index } = place;
    this.moveTo(place);
    this.end(place, out, false);
    for (let up = level - 1; up >= top; up--)
      if (((index >>> (level - up - 1)) & 1) === 0) {
        const { w, h } = this.level(up);
        const left = this.level(up + 1);
        const half = 0.5 * widthOf(up);
        for (let i = 0; i < this.count; i++) {
          const siblingW = w[i]! - left.w[i]!;
          const areas = 2 * half * (h[i]! + 0.5 * w[i]!) - half * (left.h[i]! + 0.5 * left.w[i]!);
          out.area[i] = out.area[i]! + half * out.w[i]! + (areas - half * left.w[i]!);
          out.w[i] = out.w[i]! + siblingW;
        }
        out.length += half;
      }
  }

  /** Writes the part of the current cell to the left or to the right of `place` to `out`. */
  private end({ level, index, fraction: a }: Place, out: Piece, left: boolean): void {
    const { w, h } = this.level(level);
    const width = widthOf(level);
    const length = (left ? a : 1 - a) * width;
    // At an end of the cell the split is trivial and takes no noise.
    if (a > 0 && a < 1) this.draw(nodeOf(level, index));
    const split = bridgeSplit(a * width, (1 - a) * width);
    if (left) this.takeLeft(split, w, h, out.w, out.area);
    else this.takeRight(split, w, h, out.w, out.area);
    for (let i = 0; i < this.count; i++) out.area[i] = length * (out.area[i]! + 0.5 * out.w[i]!);
    out.length = length;
  }

  private takeLeft(s: BridgeSplit, w: Float64Array, h: Float64Array, outW: Float64Array, outH: Float64Array): void {
    const { normals, count } = this;
    const { h: hh, x1, x2 } = s.left;
    for (let i = 0; i < count; i++) {
      const n1 = normals[2 * i]!;
      outW[i] = s.w * w[i]! + s.h * h[i]! + s.x * n1;
      outH[i] = hh * h[i]! - x1 * n1 + x2 * normals[2 * i + 1]!;
    }
  }

  private takeRight(s: BridgeSplit, w: Float64Array, h: Float64Array, outW: Float64Array, outH: Float64Array): void {
    const { normals, count } = this;
    const { h: hh, x1, x2 } = s.right;
    for (let i = 0; i < count; i++) {
      const n1 = normals[2 * i]!;
      outW[i] = s.rightW * w[i]! - s.h * h[i]! - s.x * n1;
      outH[i] = hh * h[i]! - x1 * n1 - x2 * normals[2 * i + 1]!;
    }
  }

  private draw(node: number): void {
    fillNormal({ ...this.name, step: node }, 2 * this.firstElement, this.normals);
  }

  private level(level: number): { w: Float64Array; h: Float64Array } {
    while (this.w.length <= level) {
      this.w.push(new Float64Array(this.count));
      this.h.push(new Float64Array(this.count));
    }
    return { w: this.w[level]!, h: this.h[level]! };
  }
}

/** Width of the cells of a level. */
export function widthOf(level: number): number {
  return POWERS_OF_TWO[1074 - level]!;
}

/** Number of a cell in the tree: the root is 1, the children of n are 2n and 2n + 1. */
function nodeOf(level: number, index: number): number {
  return POWERS_OF_TWO[1074 + level]! + index;
}

/** Level of the smallest cell that holds both. */
export function commonLevel(a: Cell, b: Cell): number {
  let level = Math.min(a.level, b.level);
  while (a.index >>> (a.level - level) !== b.index >>> (b.level - level)) level--;
  return level;
}
