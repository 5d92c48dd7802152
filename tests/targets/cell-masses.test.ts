import { describe, expect, it } from "vitest";
import { mixture, toy } from "../../src/targets/index.js";
import { uniformMesh } from "../../src/verification/fokker-planck/mesh.js";
import { planeCellMasses } from "../../src/verification/fokker-planck/plane-law.js";

const targets = {
  round: toy("eight-gaussians"),
  oval: mixture({
    weights: [0.3, 0.7],
    means: [
      [-1, 0.2],
      [1, 0],
    ],
    standardDeviations: [
      [0.4, 0.9],
      [0.7, 0.5],
    ],
  }),
  boxes: toy("checkerboard"),
};

describe.each(Object.entries(targets))("probabilities of cells, %s", (_name, target) => {
  it("are the integrals of the density", () => {
    const law = target.perturbed(0.8, 0.3);
    const [x, y] = [uniformMesh(-2.5, 3, 30), uniformMesh(-3.1, 2, 25)];
    const masses = new Float64Array(30 * 25);
    law.cellMasses!(x.edges, y.edges, masses);
    // Eight Gauss–Legendre points to a cell of 0.6 of the narrowest width: error below 1e-13 of the largest mass.
    const wanted = planeCellMasses(law, x, y, 8);
    masses.forEach((mass, k) => {
      expect(Math.abs(mass - wanted[k]!)).toBeLessThan(1e-13);
    });
  });

  it("sum to one over the plane", () => {
    const edges = Float64Array.of(-100, -2, -0.3, 0, 1.7, 100);
    const masses = new Float64Array(25);
    target.perturbed(0.8, 0.3).cellMasses!(edges, edges, masses);
    expect(masses.reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(1, 13);
  });
});

it("without noise, boxes have the probabilities of areas", () => {
  const masses = new Float64Array(4);
  toy("checkerboard").perturbed(1, 0).cellMasses!(Float64Array.of(-2, -1, 0), Float64Array.of(-2, -1.5, 0), masses);
  // Two of the eight dark squares of side 1 lie in this quarter: [−2, −1]² and [−1, 0]².
  expect(Array.from(masses)).toEqual([0.0625, 0.0625, 0, 0.125].map((mass) => expect.closeTo(mass, 14)));
});
