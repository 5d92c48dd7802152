import { createRequire } from "node:module";

let loaded: typeof import("ml-matrix") | undefined;

/** Loads ml-matrix on first use: most laws never need it, and loading takes longer than a small comparison. */
export function linearAlgebra(): typeof import("ml-matrix") {
  if (loaded === undefined) {
    const library: typeof import("ml-matrix") = createRequire(import.meta.url)("ml-matrix");
    loaded = library;
  }
  return loaded;
}
