import { UsageError } from "../../../solvers/errors.js";
import { log } from "../../../solvers/math/elementary.js";
import { numberText } from "../../../solvers/number-text.js";
import type { Sde } from "../../sdes/types.js";
import { cellMasses, type LineLaw, tailQuantiles } from "./line-law.js";
import { equidistributedEdges, type Mesh, meshFromEdges, uniformMesh } from "./mesh.js";
import { GAUSSIAN_ROUGHNESS, roughness } from "./roughness.js";

/** Most cells that an automatic mesh may have. */
export const MAX_CELLS = 40_000;
/** How much the wanted spacing may grow per unit of distance: neighbouring cells differ by 3 %. */
const GRADING = 0.03;

/** An interval that holds the mass at some time, and the spacing needed in it. */
export interface SpacingNeed {
  readonly low: number;
  readonly high: number;
  readonly spacing: number;
}

/** What a mesh for a 1-D law carried by a linear SDE over [from, to] must resolve; see `carriedNeeds`. */
export function linearNeeds(
  law: LineLaw,
  sde: Sde,
  from: number,
  to: number,
  tail: number,
  resolution: number,
): SpacingNeed[] {
  const [low, high] = tailQuantiles(law, 0.5 * tail);
  return carriedNeeds({ low, high, width: narrowestFeature(law, low, high) }, sde, from, to, tail, resolution);
}

/**
 * What a mesh must resolve at 33 times for a law that has all but `tail` in [low, high] and no feature narrower than `width`:
 * x_t = scale x + noise, hence tails lie within the scaled interval plus z standard deviations of the noise (union bound), and no
 * feature is narrower than √(scale² width² + variance).
 */
export function carriedNeeds(
  { low, high, width }: { readonly low: number; readonly high: number; readonly width: number },
  sde: Sde,
  from: number,
  to: number,
  tail: number,
  resolution: number,
): SpacingNeed[] {
  // P(Z > z) ≤ ½ e^{−z²/2}.
  const z = Math.sqrt(-2 * log(tail));
  const relative = Math.sqrt(resolution / GAUSSIAN_ROUGHNESS);
  return timesBetween(from, to).map((t) => {
    const { scale, variance } = sde.transition(from, t);
    const reach = z * Math.sqrt(variance);
    return {
      low: Math.min(scale * low, scale * high) - reach,
      high: Math.max(scale * low, scale * high) + reach,
      spacing: relative * Math.sqrt(scale * scale * width * width + variance),
    };
  });
}

/** 33 times from `from` to `to`, denser (quadratically) near the start. */
export function timesBetween(from: number, to: number): readonly number[] {
  return Array.from({ length: 33 }, (_, k) => (k === 32 ? to : from + (to - from) * (k / 32) * (k / 32)));
}

/** The interval that holds all of `needs`. */
export function hull(needs: readonly SpacingNeed[]): readonly [number, number] {
  return [Math.min(...needs.map((need) => need.low)), Math.max(...needs.map((need) => need.high))];
}

/**
 * A mesh that meets `needs`: uniform, or graded where that saves more than two thirds of the cells.
 *
 * @param cells number of cells; by default as many as the needs ask for
 * @throws UsageError when more than 40 000 cells were needed.
 */
export function meshForNeeds(
  needs: readonly SpacingNeed[],
  kind: "auto" | "uniform" | "graded",
  cells?: number,
  domain: readonly [number, number] = hull(needs),
): Mesh {
  const [low, high] = domain;
  const finest = Math.min(...needs.map((need) => need.spacing));
  const spacing = (x: number) => {
    let least = Number.POSITIVE_INFINITY;
    for (const need of needs) {
      const distance = Math.max(need.low - x, x - need.high, 0);
      least = Math.min(least, need.spacing + GRADING * distance);
    }
    return least;
  };
  const uniformCells = Math.max(64, Math.ceil((high - low) / finest));
  const edges = kind === "uniform" ? null : equidistributedEdges(low, high, spacing);
  const isGraded = edges !== null && (kind === "graded" || edges.length < uniformCells / 3);
  const wanted = cells ?? (isGraded ? edges.length - 1 : uniformCells);
  if (wanted > MAX_CELLS) {
    throw new UsageError(
      `cells: at most ${MAX_CELLS}, but the narrowest feature, ${numberText(finest, 2)} apart on [${numberText(low, 4)}, ${numberText(high, 4)}], needs ${wanted} - start at a later time or raise 'resolution'`,
    );
  }
  return isGraded ? meshFromEdges(equidistributedEdges(low, high, spacing, wanted)) : uniformMesh(low, high, wanted);
}

/**
 * Standard deviation of a Gaussian as rough as the law, found on uniform meshes that are halved until they resolve it.
 *
 * @throws UsageError for a law that no mesh of 2¹⁷ cells resolves (atoms).
 */
export function narrowestFeature(law: LineLaw, low: number, high: number): number {
  for (let cells = 256; cells <= 2 ** 17; cells *= 2) {
    const mesh = uniformMesh(low, high, cells);
    const rough = roughness(mesh, cellMasses(law, mesh));
    if (rough <= 0.1) return ((high - low) / cells) * Math.sqrt(GAUSSIAN_ROUGHNESS / rough);
  }
  throw new UsageError(
    `initial: the law must be resolved by ${2 ** 17} cells, but it has narrower features than ${numberText((high - low) / 2 ** 17, 2)} - start at a later time 'from'`,
  );
}
