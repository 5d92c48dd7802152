import type { Integration } from "./resolve-integration.js";

/**
 * The groups of rows still under way, packed at the front of every array in ascending order of their index.
 *
 * A group is one row, or the whole batch where the step is shared; `width` components each. The views end with the last active group.
 */
export class ActiveRows {
  readonly #full: {
    readonly flat: readonly Float64Array[];
    readonly times: Float64Array;
    readonly rows: Int32Array;
  };
  readonly #width: number;
  readonly #rowsPerGroup: number;
  /** Groups under way. */
  count: number;
  /** Their components: count × width. */
  size = 0;
  /** Rows that f is asked for: count × rowsPerGroup. */
  rowCount = 0;
  /** Index of each group at the start. */
  readonly group: Int32Array;
  readonly t: Float64Array;
  readonly tNext: Float64Array;
  /** Signed step. */
  readonly h: Float64Array;
  /** Length of the next attempt. */
  readonly length: Float64Array;
  readonly error: Float64Array;
  readonly accepted: Int32Array;
  readonly rejected: Int32Array;
  /** 1 where the last attempt was rejected. */
  readonly afterRejection: Uint8Array;
  /** 1 where the group is to leave at the next `compact`. */
  readonly leaves: Uint8Array;
  readonly memory: Float64Array;
  readonly memorySize: number;
  /** The step of each component: `h` itself where width = 1. */
  hFlat: Float64Array;
  y: Float64Array;
  yNext: Float64Array;
  stage: Float64Array;
  zero: Float64Array;
  k: Float64Array[];
  /** Times of the rows that f is asked for. */
  times: Float64Array;
  /** Index of each row at the start. */
  rows: Int32Array;

  constructor({ options, tableau, controller, groups, rowsPerGroup, width }: Integration) {
    this.#width = width;
    this.#rowsPerGroup = rowsPerGroup;
    this.count = groups;
    this.group = new Int32Array(groups).map((_, g) => g);
    this.t = new Float64Array(groups).fill(options.from);
    this.tNext = new Float64Array(groups);
    this.h = new Float64Array(groups);
    this.length = new Float64Array(groups);
    this.error = new Float64Array(groups);
    this.accepted = new Int32Array(groups);
    this.rejected = new Int32Array(groups);
    this.afterRejection = new Uint8Array(groups);
    this.leaves = new Uint8Array(groups);
    this.memorySize = controller?.memory ?? 0;
    this.memory = new Float64Array(groups * this.memorySize);
    for (let g = 0; g < groups; g++) controller?.begin(this.memory, g * this.memorySize);

    const size = groups * width;
    const k = tableau.matrix.map(() => new Float64Array(size));
    const flat = [
      Float64Array.from(options.y0),
      new Float64Array(size),
      new Float64Array(size),
      new Float64Array(size),
      width === 1 ? this.h : new Float64Array(size),
      ...k,
    ];
    const times = new Float64Array(groups * rowsPerGroup);
    const rows = new Int32Array(groups * rowsPerGroup).map((_, r) => r);
    this.#full = { flat, times, rows };
    [this.y, this.yNext, this.stage, this.zero, this.hFlat] = flat as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    this.k = k;
    this.times = times;
    this.rows = rows;
    this.#view();
  }

  #view(): void {
    this.size = this.count * this.#width;
    this.rowCount = this.count * this.#rowsPerGroup;
    const [y, yNext, stage, zero, hFlat, ...k] = this.#full.flat.map((array) => array.subarray(0, this.size));
    this.y = y!;
    this.yNext = yNext!;
    this.stage = stage!;
    this.zero = zero!;
    this.hFlat = hFlat!;
    this.k = k;
    this.times = this.#full.times.subarray(0, this.rowCount);
    this.rows = this.#full.rows.subarray(0, this.rowCount);
  }

  /** Sets `times` to t + fraction · h of each group; to tNext, which has no rounding error, where fraction is 1. */
  setTimes(fraction: number): void {
    const { tNext, h, times, count } = this;
    const start = fraction === 1 ? tNext : this.t;
    const part = fraction === 1 ? 0 : fraction;
    const perGroup = this.#rowsPerGroup;
    if (perGroup === 1) {
      for (let g = 0; g < count; g++) times[g] = start[g]! + part * h[g]!;
      return;
    }
    for (let g = 0, r = 0; g < count; g++) {
      const time = start[g]! + part * h[g]!;
      for (let i = 0; i < perGroup; i++) times[r++] = time;
    }
  }

  /** Copies `h` to every component. */
  spreadSteps(): void {
    const { h, hFlat, count } = this;
    const width = this.#width;
    if (width === 1) return;
    for (let g = 0; g < count; g++) hFlat.fill(h[g]!, g * width, (g + 1) * width);
  }

  /** Closes the gaps of the groups marked in `leaves`. What must survive an attempt moves: state, first stage, controls. */
  compact(): void {
    const { leaves, t, length, group, accepted, rejected, afterRejection } = this;
    const first = leaves.indexOf(1);
    if (first < 0 || first >= this.count) return;
    const width = this.#width;
    const perGroup = this.#rowsPerGroup;
    const { y, rows, memory, memorySize } = this;
    const k0 = this.k[0]!;
    let kept = first;
    for (let g = first; g < this.count; g++) {
      if (leaves[g] === 1) continue;
      t[kept] = t[g]!;
      length[kept] = length[g]!;
      group[kept] = group[g]!;
      accepted[kept] = accepted[g]!;
      rejected[kept] = rejected[g]!;
      afterRejection[kept] = afterRejection[g]!;
      for (let i = 0; i < memorySize; i++) memory[kept * memorySize + i] = memory[g * memorySize + i]!;
      for (let i = 0; i < perGroup; i++) rows[kept * perGroup + i] = rows[g * perGroup + i]!;
      for (let i = 0; i < width; i++) {
        y[kept * width + i] = y[g * width + i]!;
        k0[kept * width + i] = k0[g * width + i]!;
      }
      kept++;
    }
    leaves.fill(0, 0, this.count);
    this.count = kept;
    this.#view();
  }
}
