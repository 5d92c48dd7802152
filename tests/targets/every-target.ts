import { fillNormal } from "../../solvers/noise/normal.js";
import type { ToyName } from "../../src/targets/index.js";
import { empirical, gaussian, mixture, type Target, TOYS, toy } from "../../src/targets/index.js";

export const GAUSSIAN_3 = gaussian({
  mean: [1, -2, 0.5],
  covariance: [
    [2, 0.5, -0.3],
    [0.5, 1, 0.2],
    [-0.3, 0.2, 0.25],
  ],
});
export const DIAGONAL_3 = mixture({
  weights: [0.4, 0.6],
  means: [
    [0, 1, -2],
    [1.5, -1, 0.5],
  ],
  standardDeviations: [
    [0.2, 0.5, 1],
    [0.9, 0.3, 0.05],
  ],
});
export const CLOUD = empirical([
  [0, 1],
  [2, -1],
  [0.5, 0.25],
  [-3, 0],
]);
// Images are mixtures too: tests in three dimensions hold for them, and digits.test.ts has the rest.
export const TOY_TARGETS = Array.from(TOYS.keys(), (name) => toy(name as ToyName)).filter(
  ({ dimension }) => dimension <= 3,
);
/** One target of every kind. */
export const ALL: readonly Target[] = [
  gaussian({ mean: 0.7, standardDeviation: 0.5 }),
  GAUSSIAN_3,
  DIAGONAL_3,
  CLOUD,
  ...TOY_TARGETS,
];
/** Those of one dimension. */
export const LINE = ALL.filter(({ dimension }) => dimension === 1);
/** Those of the plane that have a density. */
export const PLANE_DENSITIES = TOY_TARGETS.filter(({ dimension }) => dimension === 2);
/** Titles of tests and the targets they are about. */
export const named = (targets: readonly Target[]) =>
  targets.map((target) => [`${target.name} ${target.dimension}-D`, target] as const);

/** Rows of α x₀ + σ ε, and some far outside. */
export function places(target: Target, count: number, alpha: number, sigma: number): Float64Array {
  const rows = target.sample({ count, seed: 5 }).data.slice();
  const noise = new Float64Array(rows.length);
  fillNormal({ seed: 6, stream: "probe" }, 0, noise);
  for (let i = 0; i < rows.length; i++) {
    const wide = Math.floor(i / target.dimension) % 7 === 6 ? 5 : 1;
    rows[i] = alpha * rows[i]! + wide * sigma * noise[i]!;
  }
  return rows;
}
