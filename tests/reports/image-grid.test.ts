import { describe, expect, it } from "vitest";
import { interleaved, pictureLayout } from "../../src/reports/image-grid.js";

describe("the layout of images", () => {
  it.each([
    [[16, 12, 1], { shape: [16, 12, 1], isPlanar: false }],
    [[16, 12, 3], { shape: [16, 12, 3], isPlanar: false }],
    [[3, 16, 12], { shape: [16, 12, 3], isPlanar: true }],
    [[1, 16, 12], { shape: [16, 12, 1], isPlanar: true }],
    [[4, 16, 12], null],
    [[2], null],
    [undefined, null],
  ])("%j", (shape, layout) => {
    expect(pictureLayout(shape)).toEqual(layout);
  });

  it("of PyTorch is turned pixel by pixel", () => {
    // Two images of 1 × 2 pixels: red, green and blue planes, then the same plus 100.
    const planes = [1, 2, 10, 20, 30, 40];
    const data = Float64Array.from([...planes, ...planes.map((value) => value + 100)]);
    const pixels = [1, 10, 30, 2, 20, 40];
    expect([...interleaved(data, [1, 2, 3])]).toEqual([...pixels, ...pixels.map((value) => value + 100)]);
  });
});
