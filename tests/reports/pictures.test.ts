import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import * as vega from "vega";
import { describe, expect, it } from "vitest";
import { writeChart } from "../../src/cli/write-chart.js";
import { linearAxis } from "../../src/reports/axis.js";
import { blueRed, COLOUR_STEPS, viridis } from "../../src/reports/colour-maps.js";
import { loadResvg } from "../../src/reports/load-resvg.js";
import { encodePng, pngAddress } from "../../src/reports/png-image.js";
import { quantise } from "../../src/reports/quantise.js";
import { rasterise } from "../../src/reports/raster.js";
import { renderPng } from "../../src/reports/render-chart.js";
import { textWidth, wrapText } from "../../src/reports/text-width.js";

/** Pixels of a PNG, by another decoder. */
function decode(png: Uint8Array, width: number, height: number): Uint8Array {
  const image = `<image width="${width}" height="${height}" href="${pngAddress(png)}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${image}</svg>`;
  return new Uint8Array(new Resvg(svg, { imageRendering: 1 }).render().pixels);
}

describe("encodePng", () => {
  it("is read back pixel by pixel", () => {
    const palette = [
      [255, 0, 0, 255],
      [0, 128, 0, 255],
      [0, 0, 255, 255],
      [0, 0, 0, 0],
    ] as const;
    const indices = Uint8Array.from([0, 1, 2, 3, 2, 1]);
    const pixels = decode(encodePng(indices, 3, 2, palette), 3, 2);
    expect([...pixels]).toEqual([...indices].flatMap((index) => [...palette[index]!]));
  });
});

describe("colour maps", () => {
  it("viridis is that of vega to within three steps of 255", () => {
    const reference = vega.scheme("viridis");
    expect(typeof reference).toBe("function");
    for (const [i, colour] of viridis().entries()) {
      const parts = String(reference(i / (COLOUR_STEPS - 1)))
        .match(/\d+/g)!
        .map(Number);
      for (let k = 0; k < 3; k++) expect(Math.abs(colour[k]! - parts[k]!)).toBeLessThanOrEqual(3);
    }
  });

  it("viridis grows lighter all the way, so that it reads in grey", () => {
    const light = viridis().map(([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b);
    for (let i = 1; i < light.length; i++) expect(light[i]!).toBeGreaterThan(light[i - 1]! - 0.75);
  });

  it("blueRed has one near-white colour for zero", () => {
    expect(blueRed()[(COLOUR_STEPS - 1) / 2]).toEqual([247, 247, 247, 255]);
  });
});

describe("rasterise", () => {
  const frame = { x: linearAxis([], "", { fixed: [0, 2] }), y: linearAxis([], "", { fixed: [0, 1] }) };
  const lattice = {
    x: [0, 2],
    y: [0, 1],
    values: [
      [0, 1],
      [0, 1],
    ],
  };

  it("interpolates linearly, top row first", () => {
    expect([...rasterise(lattice, frame, 4, 1, 9, (v) => v)]).toEqual([1, 3, 5, 7]);
    const upright = {
      ...lattice,
      values: [
        [0, 0],
        [1, 1],
      ],
    };
    expect([...rasterise(upright, frame, 1, 2, 5, (v) => v)]).toEqual([3, 1]);
  });

  it("reads descending nodes alike", () => {
    const flipped = {
      x: [2, 0],
      y: [0, 1],
      values: [
        [1, 0],
        [1, 0],
      ],
    };
    expect(rasterise(flipped, frame, 4, 1, 9, (v) => v)).toEqual(rasterise(lattice, frame, 4, 1, 9, (v) => v));
  });

  it("marks what is not a number", () => {
    const holed = {
      ...lattice,
      values: [
        [Number.NaN, 1],
        [Number.NaN, 1],
      ],
    };
    expect(rasterise(holed, frame, 4, 1, 9, (v) => v)[1]).toBe(9);
  });
});

describe("quantise", () => {
  const picture = (colours: number) =>
    Uint8Array.from(
      { length: 4 * colours },
      (_, i) => [(7 * (i >> 2)) % 256, (i >> 2) % 251, ((i >> 2) * 13) % 256, 255][i % 4]!,
    );

  it("is exact up to 256 colours", () => {
    const rgba = picture(200);
    const { pixels, palette } = quantise(rgba)!;
    expect([...pixels].flatMap((index) => [...palette[index]!])).toEqual([...rgba]);
  });

  it("stays near every colour, rare ones included, beyond 256", () => {
    // Dull colours of many kinds, and one red pixel.
    const rgba = Uint8Array.from(
      { length: 4 * 5000 },
      (_, i) => [64 + (((i >> 2) * 7) % 100), 64 + (((i >> 2) * 11) % 97), 64 + (((i >> 2) * 13) % 93), 255][i % 4]!,
    );
    rgba.set([255, 0, 0, 255], 0);
    const { pixels, palette } = quantise(rgba)!;
    expect(palette.length).toBe(256);
    expect(palette[pixels[0]!]).toEqual([255, 0, 0, 255]);
    const worst = Math.max(
      ...Array.from(pixels, (index, i) =>
        Math.max(...[0, 1, 2].map((k) => Math.abs(palette[index]![k]! - rgba[4 * i + k]!))),
      ),
    );
    // 100 · 97 · 93 colours in 256 boxes leave a mean half-width of 100 / 256^(1/3) / 2 = 8; corners reach twice that.
    expect(worst).toBeLessThanOrEqual(16);
  });

  it("leaves see-through pictures alone", () => {
    expect(quantise(Uint8Array.of(0, 0, 0, 128))).toBeNull();
  });
});

describe("renderPng", () => {
  it("draws text, twice the size", async () => {
    const text = '<text x="5" y="30" font-family="Arial, sans-serif" font-size="24">W₂ ± 0.1 −</text>';
    const paper = '<rect width="200" height="40" fill="#fff"/>';
    for (const behind of ["", paper]) {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40">${behind}${text}</svg>`;
      const pixels = decode(await renderPng(svg), 400, 80);
      const dark = Array.from(
        { length: pixels.length / 4 },
        (_, i) => pixels[4 * i]! < 128 && pixels[4 * i + 3]! > 128,
      );
      expect(dark.filter(Boolean).length).toBeGreaterThan(1000);
    }
  });

  it("says what is missing where the rasteriser has no binary, and charts are written as SVG alone", async () => {
    const absent = loadResvg(() => Promise.reject(new Error("Cannot find module '@resvg/resvg-js-linux-x64-gnu'")));
    expect(await absent).toBeNull();
    await expect(renderPng("<svg/>", 2, absent)).rejects.toThrow(
      /^png: needs the binary of @resvg\/resvg-js .*--omit=optional/,
    );
    const folder = mkdtempSync(join(tmpdir(), "chart-"));
    try {
      const chart = {
        data: { values: [{ x: 1 }] },
        mark: "point",
        encoding: { x: { field: "x", type: "quantitative" } },
      } as const;
      expect(await writeChart(chart, folder, "one", absent)).toEqual([join(folder, "one.svg")]);
      expect(await writeChart(chart, folder, "one")).toEqual([join(folder, "one.svg"), join(folder, "one.png")]);
      expect(readdirSync(folder).toSorted()).toEqual(["one.png", "one.svg"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("textWidth", () => {
  it("is the width of the drawn text to within two pixels", () => {
    // Whether or not Arial is there, its widths are those of Arimo and Liberation Sans.
    expect(textWidth("MMMMMMMMMM", 10)).toBeCloseTo(83.3, 1);
    expect(textWidth("iiiiiiiiii", 10)).toBeCloseTo(22.2, 1);
  });

  it("breaks lines between words, and names after commas", () => {
    expect(wrapText("pc:snr=0.1,order=2", 1, 12)).toEqual(["pc:", "snr=0.1,", "order=2"]);
    expect(wrapText("at 10: a, b", 1000, 12)).toEqual(["at 10: a, b"]);
    expect(wrapText("", 10, 12)).toEqual([""]);
    expect(wrapText("a bb ccc", 1, 12)).toEqual(["a", "bb", "ccc"]);
    expect(wrapText("a bb ccc", 1000, 12)).toEqual(["a bb ccc"]);
  });
});
