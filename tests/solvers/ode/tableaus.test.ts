import { describe, expect, it } from "vitest";
import { isEmbedded, isFirstSameAsLast, type Tableau, tableaus } from "../../../solvers/ode/tableaus.js";

/** A rooted tree as the list of the trees that hang on its root. */
type Tree = readonly Tree[];

const nodes = (tree: Tree): number => 1 + tree.reduce((sum, child) => sum + nodes(child), 0);
/** γ(t) = |t| Π γ(children) (Butcher; Hairer, Nørsett & Wanner I, definition II.2.10). */
const density = (tree: Tree): number => nodes(tree) * tree.reduce((product, child) => product * density(child), 1);

/** Φᵢ(t) = Π over children Σⱼ aᵢⱼ Φⱼ(child). */
function elementaryWeights(tree: Tree, matrix: Tableau["matrix"]): number[] {
  const inner = tree.map((child) => {
    const weights = elementaryWeights(child, matrix);
    return matrix.map((row) => row.reduce((sum, a, j) => sum + a * weights[j]!, 0));
  });
  return matrix.map((_, i) => inner.reduce((product, weights) => product * weights[i]!, 1));
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

/** All rooted trees with `order` nodes: forests of trees of at most the size of the last one, so that none comes twice. */
function trees(order: number): Tree[] {
  const all: Tree[][] = [[], [[]]];
  const forests = (total: number, ceiling: readonly Tree[]): Tree[] => {
    if (total === 0) return [[]];
    return ceiling.flatMap((tree, index) =>
      nodes(tree) > total ? [] : forests(total - nodes(tree), ceiling.slice(index)).map((rest) => [tree, ...rest]),
    );
  };
  for (let size = 2; size <= order; size++) all[size] = forests(size - 1, all.slice(1).flat());
  return all[order]!;
}

const residuals = (weights: readonly number[], { matrix }: Tableau, order: number): number[] =>
  trees(order).map((tree) => Math.abs(dot(weights, elementaryWeights(tree, matrix)) - 1 / density(tree)));

const weightsAt = ({ interpolant }: Tableau, theta: number): number[] =>
  interpolant.map((row) => row.reduceRight((sum, p) => theta * (sum + p), 0));

// Coefficients are rational numbers rounded to 1.1e-16; a condition sums at most 7 stages of products up to about 30.
const tolerance = 1e-14;

it("there are 1, 1, 2, 4, 9, 20 rooted trees of order 1 to 6", () => {
  expect([1, 2, 3, 4, 5, 6].map((order) => trees(order).length)).toEqual([1, 1, 2, 4, 9, 20]);
});

describe.each(Object.entries(tableaus))("%s", (_name, tableau) => {
  it("c = A 1", () => {
    tableau.matrix.forEach((row, i) => {
      expect(row.length).toBe(i);
      expect(Math.abs(row.reduce((sum, a) => sum + a, 0) - tableau.nodes[i]!)).toBeLessThan(tolerance);
    });
  });

  it("meets every order condition of its order, and not all of the next one", () => {
    for (let order = 1; order <= tableau.order; order++) {
      for (const residual of residuals(tableau.weights, tableau, order)) expect(residual).toBeLessThan(tolerance);
    }
    expect(Math.max(...residuals(tableau.weights, tableau, tableau.order + 1))).toBeGreaterThan(1e-4);
  });

  it("interpolant meets the continuous order conditions for every θ", () => {
    for (const theta of [0.1, 0.25, 0.5, 0.7, 0.9, 1]) {
      const weights = weightsAt(tableau, theta);
      for (let order = 1; order <= tableau.interpolantOrder; order++) {
        for (const tree of trees(order)) {
          const wanted = theta ** order / density(tree);
          expect(Math.abs(dot(weights, elementaryWeights(tree, tableau.matrix)) - wanted)).toBeLessThan(tolerance);
        }
      }
    }
  });

  it("interpolant starts with k₁ and ends with the step", () => {
    weightsAt(tableau, 1).forEach((weight, i) => {
      expect(Math.abs(weight - tableau.weights[i]!)).toBeLessThan(tolerance);
    });
    tableau.interpolant.forEach((row, i) => {
      expect(row[0]).toBe(i === 0 ? 1 : 0);
    });
  });

  it("error estimate belongs to a method of the stated order and no higher one", () => {
    expect(isEmbedded(tableau)).toBe(["rk23", "rk45"].includes(tableau.name));
    if (!isEmbedded(tableau)) return;
    const other = tableau.weights.map((b, i) => b + tableau.errorWeights[i]!);
    for (let order = 1; order <= tableau.errorOrder; order++) {
      for (const residual of residuals(other, tableau, order)) expect(residual).toBeLessThan(tolerance);
    }
    expect(Math.max(...residuals(other, tableau, tableau.errorOrder + 1))).toBeGreaterThan(1e-4);
  });

  it("first same as last, with a smooth join, for the embedded pairs", () => {
    const slope = tableau.interpolant.map((row) => row.reduce((sum, p, j) => sum + (j + 1) * p, 0));
    expect(isFirstSameAsLast(tableau)).toBe(isEmbedded(tableau));
    if (!isFirstSameAsLast(tableau)) return;
    slope.forEach((s, i) => {
      expect(Math.abs(s - (i === slope.length - 1 ? 1 : 0))).toBeLessThan(tolerance);
    });
  });
});
