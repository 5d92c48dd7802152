import { UsageError } from "../../../solvers/errors.js";
import { numberText } from "../../../solvers/number-text.js";
import type { CheckedOptions } from "./fokker-planck-options.js";
import { cellMasses, type LineLaw, tailQuantiles } from "./line-law.js";
import type { Mesh } from "./mesh.js";
import { narrowestFeature } from "./plan-mesh.js";
import { GAUSSIAN_ROUGHNESS, roughness, UNRESOLVED } from "./roughness.js";

/**
 * Refuses a grid that loses mass or cannot see the start law.
 *
 * @param lost mass outside the grid, the largest over the times at which it is known
 * @param enough an interval that would do
 * @throws UsageError naming what is lost, or the cells needed, and what would do.
 */
export function checkMesh(
  law: LineLaw,
  mesh: Mesh,
  { massTolerance, resolution }: CheckedOptions,
  lost: number,
  enough: () => readonly [number, number],
): void {
  const low = mesh.edges[0]!;
  const high = mesh.edges[mesh.edges.length - 1]!;
  if (!(lost <= massTolerance)) {
    const [enoughLow, enoughHigh] = enough();
    throw new UsageError(
      `domain: must lose at most massTolerance = ${numberText(massTolerance)} of the mass, but [${numberText(low)}, ${numberText(high)}] loses ${numberText(lost, 3)} - [${numberText(enoughLow, 4)}, ${numberText(enoughHigh, 4)}] would do; leave domain out to have it found`,
    );
  }
  const rough = roughness(mesh, cellMasses(law, mesh));
  if (rough > UNRESOLVED) {
    const [first, last] = tailQuantiles(law, 1e-3 * massTolerance);
    const spacing = narrowestFeature(law, first, last) * Math.sqrt(resolution / GAUSSIAN_ROUGHNESS);
    throw new UsageError(
      `cells: must not be wider than the features of the start law (roughness at most ${UNRESOLVED}), but ${mesh.widths.length} cells give ${numberText(rough, 3)} - ${Math.ceil((high - low) / spacing)} equal cells would do; or use cells 'auto'`,
    );
  }
}
