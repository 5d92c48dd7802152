import type { PlaneSolution } from "../verification/fokker-planck/fokker-planck-2d.js";
import { cellAt } from "../verification/fokker-planck/mesh.js";
import { densityOf, planeAxes } from "../verification/fokker-planck-check/places.js";
import type { ResidualSlice } from "../verification/fokker-planck-check/score-residual.js";
import type { Subject } from "../verification/fokker-planck-check/subject.js";
import { perturbedAt } from "../verification/laws/output-law.js";
import { type Found, SHOWN } from "./fokker-planck-pictures.js";
import type { FokkerPlanckPictures, PlaneDensity, PlaneMap } from "./fokker-planck-result.js";

/** Nodes along each axis of a picture. */
const SIDE = 121;
const MARGIN = 0.06;

/** The pictures of a check in the plane; `volumes` holds a solution for each stretch between two times. */
export function planePictures(
  subject: Subject,
  { forward, residual, generatedSamples, volumes }: Found & { readonly volumes: readonly PlaneSolution[] },
): FokkerPlanckPictures {
  const { sde, times } = subject;
  return {
    evolution: null,
    plane: {
      densities: SHOWN.map((k) => planeDensity(subject, times[k]!, forward.samples[k]!, volumes[k - 1]!)),
      generated: planeDensity(subject, sde.tMin, generatedSamples ?? new Float64Array(0), null),
      residual: residual.slices.map(residualPicture),
    },
    slices: [],
    residual: null,
    generated: null,
  };
}

function planeDensity(
  { sde, target }: Subject,
  t: number,
  samples: Float64Array,
  solution: PlaneSolution | null,
): PlaneDensity {
  const law = perturbedAt(target, sde, t);
  const [x, y] = planeAxes(target, law, SIDE, MARGIN).map((places) => Array.from(places));
  const lattice = { t, x: x!, y: y! };
  const exact = y!.map((up) => Array.from(densityOf(law, Float64Array.from(x!.flatMap((along) => [along, up])), 2)));
  const solved = solution?.densities[1];
  return {
    exact: { ...lattice, values: exact },
    volumes:
      solution === null || solved === undefined
        ? null
        : { ...lattice, values: y!.map((up) => x!.map((along) => cellValue(solution, solved, along, up))) },
    samples,
  };
}

/** The density of the cell at (along, up); zero outside the grid. */
function cellValue({ x, y }: PlaneSolution, density: Float64Array, along: number, up: number): number {
  const [i, j] = [cellAt(x, along), cellAt(y, up)];
  return i === null || j === null ? 0 : density[i * y.widths.length + j]!;
}

function residualPicture({ t, places, residual }: ResidualSlice): PlaneMap {
  const { x, y, nodes } = places.lattice!;
  const values = Array.from(y, () => new Array<number>(x.length).fill(Number.NaN));
  nodes.forEach((node, k) => {
    values[node % y.length]![Math.floor(node / y.length)] = residual[k]!;
  });
  return { t, x: Array.from(x), y: Array.from(y), values };
}
