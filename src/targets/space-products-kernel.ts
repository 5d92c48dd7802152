import { kernels } from "../../solvers/kernels/kernels.js";
import type { SpaceProducts } from "./space-products.js";

/** Most rows, and most means, that lie in the kernel's memory at once. */
const TILE = 64;
/** Numbers for three tiles of them. */
const ROOM = 42_000;
/** Fewer rows than this are quicker without the kernel. */
const FEW = 2;
/** Most numbers of a table of rows × components. */
const TABLE = 2 ** 20;
const BYTES = 8;

/** As `plainSpaceProducts`, bit by bit, for `count` rows; null where the kernel cannot. */
export function spaceProductsByKernel(
  means: Float64Array,
  components: number,
  dimension: number,
  count: number,
): SpaceProducts | null {
  const quads = Math.ceil(dimension / 4);
  const width = 4 * quads;
  const tile = Math.min(TILE, 2 * Math.floor(ROOM / width / 2));
  const kernel = count < FEW || tile < FEW ? null : kernels();
  if (kernel === null) return null;
  const { numbers } = kernel;
  // Where things lie in the kernel's memory, in numbers.
  const X = 0;
  const MEANS = X + tile * width;
  const OUT = MEANS + tile * width;
  const ALPHAS = OUT + tile * width;
  const CELLS = ALPHAS + tile;

  const load = (from: Float64Array, first: number, rows: number, at: number) => {
    if (width === dimension) return numbers.set(from.subarray(first * width, (first + rows) * width), at);
    for (let i = 0; i < rows; i++) {
      const begin = (first + i) * dimension;
      numbers.set(from.subarray(begin, begin + dimension), at + i * width);
      numbers.fill(0, at + i * width + dimension, at + (i + 1) * width);
    }
  };
  const eachTile = (visit: (first: number, some: number) => void) => {
    for (let first = 0; first < components; first += tile) {
      const some = Math.min(tile, components - first);
      load(means, first, some, MEANS);
      visit(first, some);
    }
  };
  const address = (at: number) => at * BYTES;

  return {
    rows: Math.max(FEW, Math.min(tile, Math.floor(TABLE / components))),
    distances(x, alphas, first, rows, table) {
      load(x, first, rows, X);
      numbers.set(alphas.subarray(first, first + rows), ALPHAS);
      // Rows are computed in pairs: what stands beside an odd one is computed and not read.
      const pairs = (rows + 1) >> 1;
      eachTile((from, some) => {
        kernel.squaredDistances(address(X), address(ALPHAS), pairs, address(MEANS), some, quads, address(CELLS));
        for (let i = 0; i < rows; i++) {
          table.set(numbers.subarray(CELLS + i * some, CELLS + (i + 1) * some), i * components + from);
        }
      });
    },
    pulls(_x, _alphas, first, rows, table, out) {
      numbers.fill(0, OUT, OUT + rows * width);
      eachTile((from, some) => {
        for (let i = 0; i < rows; i++) {
          const begin = i * components + from;
          numbers.set(table.subarray(begin, begin + some), CELLS + i * some);
        }
        kernel.addPulls(address(X), address(ALPHAS), rows, address(MEANS), address(CELLS), some, quads, address(OUT));
      });
      for (let i = 0; i < rows; i++) {
        out.set(numbers.subarray(OUT + i * width, OUT + i * width + dimension), (first + i) * dimension);
      }
    },
  };
}
