/** What `list` knows, in its order; all after the grids belong to `train`. */
export const CATALOGUE_KINDS = [
  "solvers",
  "sdes",
  "targets",
  "grids",
  "networks",
  "recipes",
  "weightings",
  "time-samplings",
  "engines",
] as const;

export type CatalogueKind = (typeof CATALOGUE_KINDS)[number];
