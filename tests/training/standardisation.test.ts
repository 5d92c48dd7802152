import { expect, it } from "vitest";
import { standardise, unstandardise } from "../../src/training/standardisation.js";

it("rows in units of the data and rows that the model sees are each other's affine map, column by column", () => {
  const map = { mean: [1, -2], scale: [2, 0.5] };
  const data = Float64Array.of(3, -2, 1, -1.5, -5, 0);
  const seen = Float64Array.of(1, 0, 0, 1, -3, 4);
  expect(standardise(map, data)).toEqual(seen);
  expect(unstandardise(map, seen)).toEqual(data);
});
