import { createRequire } from "node:module";
import { UsageError } from "../../solvers/errors.js";
import type { ChartSpec } from "./chart-spec.js";
import { loadResvg } from "./load-resvg.js";
import { encodePng } from "./png-image.js";
import { quantise } from "./quantise.js";
import { textWidth } from "./text-width.js";

const FONT_FILES = ["400Regular/Arimo_400Regular.ttf", "700Bold/Arimo_700Bold.ttf"];

/** Draws a chart as SVG text: the same specification gives the same text. */
export async function renderSvg(spec: ChartSpec): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
  const metrics = "textMetrics" in vega ? vega.textMetrics : undefined;
  const compiled = vegaLite.compile(spec).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: "none", logLevel: vega.Error });
  vega.resetSVGDefIds();
  const restore = measureTextBy(metrics);
  try {
    return tidySvg(await view.toSVG());
  } finally {
    restore();
    view.finalize();
  }
}

/**
 * Draws SVG text as a PNG image of at most 256 colours, `scale` pixels per unit, with a font of its own: no system font
 * is needed.
 *
 * @throws UsageError where the rasteriser has no binary for this platform
 */
export async function renderPng(svg: string, scale = 2, loaded = loadResvg()): Promise<Uint8Array> {
  const resvg = await loaded;
  if (resvg === null) {
    throw new UsageError(
      `png: needs the binary of @resvg/resvg-js for ${process.platform} ${process.arch}, but it is not installed - install without --omit=optional, or draw SVG`,
    );
  }
  const fontFiles = shippedFonts();
  const font =
    fontFiles.length > 0
      ? { loadSystemFonts: false, fontFiles, defaultFontFamily: "Arimo", sansSerifFamily: "Arimo" }
      : { loadSystemFonts: true };
  const image = new resvg.Resvg(svg, { font, fitTo: { mode: "zoom", value: scale } }).render();
  const { width, height } = image;
  const indexed = quantise(image.pixels);
  return indexed === null ? image.asPng() : encodePng(indexed.pixels, width, height, indexed.palette);
}

function shippedFonts(): string[] {
  const { resolve } = createRequire(import.meta.url);
  try {
    return FONT_FILES.map((file) => resolve(`@expo-google-fonts/arimo/${file}`));
  } catch {
    return [];
  }
}

interface TextMetrics {
  width(item: TextItem, text?: string): number;
}

interface TextItem {
  readonly text?: unknown;
  readonly fontSize?: number;
  readonly fontWeight?: unknown;
}

/** Vega guesses text widths where there is no canvas; this gives it the widths of the font that is drawn. */
function measureTextBy(metrics: unknown): () => void {
  if (!isTextMetrics(metrics)) return () => {};
  const guess = metrics.width;
  metrics.width = (item, text) =>
    textWidth(String(text ?? item.text ?? ""), item.fontSize ?? 11, String(item.fontWeight) === "bold");
  return () => {
    metrics.width = guess;
  };
}

function isTextMetrics(value: unknown): value is TextMetrics {
  return typeof value === "object" && value !== null && "width" in value && typeof value.width === "function";
}

/** Shortens coordinates to what an eye can tell apart: long paths to a tenth, others to a hundredth of a pixel. */
function tidySvg(svg: string): string {
  return svg
    .replace(/ d="([^"]*)"/g, (_, path: string) => ` d="${roundNumbers(path, path.length > 1000 ? 1 : 2)}"`)
    .replace(/ transform="([^"]*)"/g, (_, transform: string) => ` transform="${roundNumbers(transform, 2)}"`);
}

function roundNumbers(text: string, decimals: number): string {
  return text.replace(/-?\d+\.\d+(?:e-?\d+)?/g, (digits) => String(Number(Number(digits).toFixed(decimals))));
}
