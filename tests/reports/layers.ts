import type { ChartSpec } from "../../src/reports/chart-spec.js";

/** A layer of a chart as plain data, for assertions on its structure. */
export interface PlainLayer {
  readonly name: string;
  readonly data: { readonly values: readonly Readonly<Record<string, unknown>>[] };
  readonly mark: Readonly<Record<string, unknown>>;
  readonly encoding: Readonly<
    Record<
      string,
      { readonly scale?: Readonly<Record<string, unknown>>; readonly axis?: Readonly<Record<string, unknown>> }
    >
  >;
}

/** The named layers of a chart, its panels' included. */
export function layersOf(spec: ChartSpec): PlainLayer[] {
  const found: PlainLayer[] = [];
  const visit = (node: unknown) => {
    if (Array.isArray(node)) for (const child of node) visit(child);
    else if (typeof node === "object" && node !== null) {
      if ("mark" in node && "name" in node) found.push(node as unknown as PlainLayer);
      for (const key of ["layer", "concat", "hconcat"]) if (key in node) visit(node[key as keyof typeof node]);
    }
  };
  visit(spec);
  return found;
}

/** The layer of that name. */
export function layerOf(spec: ChartSpec, name: string): PlainLayer {
  const layer = layersOf(spec).find((candidate) => candidate.name === name);
  if (layer === undefined) throw new Error(`no layer '${name}'`);
  return layer;
}
