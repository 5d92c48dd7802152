import { createRequire } from "node:module";

/** The functions of the cephes library that statistics need. */
export interface Cephes {
  /** Inverse of Student's cdf for `degrees` of freedom. */
  stdtri(degrees: number, probability: number): number;
  /** P(χ² > x). */
  chdtrc(degrees: number, x: number): number;
  /** Limit of P(√n Dₙ > y). */
  kolmogorov(y: number): number;
  /** P(Dₙ⁺ ≥ d), exact. */
  smirnov(n: number, d: number): number;
}

let loaded: Cephes | undefined;

/** Loads cephes on first use: its CommonJS build is ready at once, its ES module is not. */
export function cephes(): Cephes {
  if (loaded === undefined) {
    const library: Cephes = createRequire(import.meta.url)("cephes");
    loaded = library;
  }
  return loaded;
}
