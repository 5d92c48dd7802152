import { expm1 } from "../../../solvers/math/elementary.js";

/**
 * B(z) = z/(eᶻ − 1) for any z, with B(0) = 1 and B(−z) = B(z) + z; relative error below 1e-15.
 *
 * Source: Scharfetter & Gummel 1969; 1/B(−z) is the Chang–Cooper (1970) weight in another form.
 */
export function bernoulli(z: number): number {
  const z2 = z * z;
  // The next term, z⁶/30240, is below 4e-17 here.
  if (z2 < 1e-4) return 1 - z / 2 + z2 / 12 - (z2 * z2) / 720;
  return z > 800 ? 0 : z / expm1(z);
}
