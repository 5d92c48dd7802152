/** The package that rasterises SVG. */
export type Resvg = typeof import("@resvg/resvg-js");

/** That package, or null where its binary for this platform is not installed. */
export async function loadResvg(load: () => Promise<Resvg> = () => import("@resvg/resvg-js")): Promise<Resvg | null> {
  try {
    return await load();
  } catch {
    return null;
  }
}
