import { expect, it } from "vitest";
import { combineStages, stageTerms } from "../../../solvers/ode/stage-combination.js";

it.each([1, 2, 3, 4, 5, 6, 7, 9])("y + h Σ c k with %i terms, exact on small integers", (terms) => {
  const n = 11;
  const stages = Array.from({ length: terms + 2 }, (_, j) =>
    Float64Array.from({ length: n }, (_, i) => (i * 7 + j * 3) % 13),
  );
  const row = [0, ...Array.from({ length: terms }, (_, j) => (j % 2 === 0 ? j + 1 : -j - 2))];
  const y = Float64Array.from({ length: n }, (_, i) => i - 4);
  const h = Float64Array.from({ length: n }, (_, i) => 2 ** -(i % 3));
  const out = new Float64Array(n).fill(77);
  const used = stageTerms(row);
  expect(used.stages).toEqual(Array.from({ length: terms }, (_, j) => j + 1));
  combineStages(out, y, h, used, stages, n - 1);
  for (let i = 0; i < n - 1; i++) {
    expect(out[i]).toBe(y[i]! + h[i]! * row.reduce((sum, c, j) => sum + c * stages[j]![i]!, 0));
  }
  expect(out[n - 1]).toBe(77);
});
