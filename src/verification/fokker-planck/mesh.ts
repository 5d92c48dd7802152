import { UsageError } from "../../../solvers/errors.js";
import { numberText } from "../../../solvers/number-text.js";
import { intervalOf } from "./cubic-spline.js";

/** Cells of an interval: M + 1 increasing edges, M centres and widths, and the M − 1 inner faces between neighbouring centres. */
export interface Mesh {
  readonly edges: Float64Array;
  readonly centres: Float64Array;
  readonly widths: Float64Array;
  /** Midpoints of neighbouring centres, where the drift is taken: w = −ΔU/D is then exact for quadratic U on any mesh. */
  readonly faces: Float64Array;
  /** Distances of neighbouring centres. */
  readonly distances: Float64Array;
}

/**
 * The mesh with the given M + 1 edges.
 *
 * @throws UsageError for fewer than 4 cells or edges that do not increase.
 */
export function meshFromEdges(edges: Float64Array): Mesh {
  const cells = edges.length - 1;
  if (!(cells >= 4)) throw new UsageError(`cells: at least 4 needed, but got ${cells} - give more cells`);
  const centres = new Float64Array(cells);
  const widths = new Float64Array(cells);
  for (let i = 0; i < cells; i++) {
    const width = edges[i + 1]! - edges[i]!;
    if (!(width > 0 && width < Number.POSITIVE_INFINITY)) {
      throw new UsageError(
        `edges: must be finite and increase, but got ${edges[i]} then ${edges[i + 1]} - sort them and drop repeats`,
      );
    }
    centres[i] = 0.5 * (edges[i]! + edges[i + 1]!);
    widths[i] = width;
  }
  const faces = new Float64Array(cells - 1);
  const distances = new Float64Array(cells - 1);
  for (let i = 0; i < cells - 1; i++) {
    faces[i] = 0.5 * (centres[i]! + centres[i + 1]!);
    distances[i] = centres[i + 1]! - centres[i]!;
  }
  return { edges, centres, widths, faces, distances };
}

/**
 * `cells` equal cells on [low, high].
 *
 * @throws UsageError unless low < high are finite and cells ≥ 4 is an integer.
 */
export function uniformMesh(low: number, high: number, cells: number): Mesh {
  if (!(low < high && Number.isFinite(high - low))) {
    throw new UsageError(
      `domain: needs finite low < high, but got [${numberText(low)}, ${numberText(high)}] - give an interval`,
    );
  }
  if (!Number.isInteger(cells) || cells < 4) {
    throw new UsageError(`cells: must be an integer of at least 4, but got ${cells} - give more cells or 'auto'`);
  }
  const edges = new Float64Array(cells + 1);
  for (let i = 0; i <= cells; i++) edges[i] = (low * (cells - i) + high * i) / cells;
  return meshFromEdges(edges);
}

/** Every cell cut in the middle. */
export function halvedMesh({ edges, centres }: Mesh): Mesh {
  const out = new Float64Array(2 * centres.length + 1);
  for (let i = 0; i < edges.length; i++) out[2 * i] = edges[i]!;
  for (let i = 0; i < centres.length; i++) out[2 * i + 1] = centres[i]!;
  return meshFromEdges(out);
}

/** The edges of [low, high] whose spacing follows `spacing(x)`, scaled to `cells` cells (by default as many as the spacing asks for). */
export function equidistributedEdges(
  low: number,
  high: number,
  spacing: (x: number) => number,
  cells?: number,
): Float64Array {
  // Nodes of the running integral of 1/spacing, each a fifth of the wanted cell apart.
  const nodes = [low];
  const integral = [0];
  for (let x = low, sum = 0; x < high; ) {
    const next = Math.min(high, x + 0.2 * spacing(x));
    sum += (next - x) / spacing(0.5 * (x + next));
    nodes.push(next);
    integral.push(sum);
    x = next;
  }
  const total = integral[integral.length - 1]!;
  const count = cells ?? Math.max(4, Math.ceil(total));
  const edges = new Float64Array(count + 1);
  for (let i = 0, k = 0; i <= count; i++) {
    const wanted = (total * i) / count;
    while (k < nodes.length - 2 && integral[k + 1]! < wanted) k++;
    const part = (wanted - integral[k]!) / (integral[k + 1]! - integral[k]!);
    edges[i] = nodes[k]! + part * (nodes[k + 1]! - nodes[k]!);
  }
  edges[0] = low;
  edges[count] = high;
  return edges;
}

/** The cell that holds x; null outside. */
export function cellAt({ edges }: Pick<Mesh, "edges">, x: number): number | null {
  return x >= edges[0]! && x < edges[edges.length - 1]! ? intervalOf(edges, x) : null;
}
