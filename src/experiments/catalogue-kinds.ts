/** What `list` knows, in its order; the last four belong to `train`. */
export const CATALOGUE_KINDS = [
  "solvers",
  "sdes",
  "targets",
  "grids",
  "networks",
  "recipes",
  "weightings",
  "time-samplings",
] as const;

export type CatalogueKind = (typeof CATALOGUE_KINDS)[number];
