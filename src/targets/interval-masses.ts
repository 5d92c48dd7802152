import { normalCdf, normalSurvival } from "./special/normal.js";

/** Writes P(z in [edges[i], edges[i + 1]]) of a law on the line to `out`, from differences of the smaller tail so that no tail cancels. */
export function intervalMasses(
  edges: Float64Array,
  cdf: (x: number) => number,
  survival: (x: number) => number,
  out: Float64Array,
): void {
  let [below, above] = [cdf(edges[0]!), survival(edges[0]!)];
  for (let i = 0; i + 1 < edges.length; i++) {
    const [nextBelow, nextAbove] = [cdf(edges[i + 1]!), survival(edges[i + 1]!)];
    out[i] = Math.max(0, below > 0.5 ? above - nextAbove : nextBelow - below);
    [below, above] = [nextBelow, nextAbove];
  }
}

/** As `intervalMasses`, of a Gaussian. */
export function gaussianIntervalMasses(
  edges: Float64Array,
  mean: number,
  standardDeviation: number,
  out: Float64Array,
): void {
  const standardised = (x: number) => (x - mean) / standardDeviation;
  intervalMasses(
    edges,
    (x) => normalCdf(standardised(x)),
    (x) => normalSurvival(standardised(x)),
    out,
  );
}

/** out[i, j] += weight · along[i] · up[j], row-major. */
export function addProduct(weight: number, along: Float64Array, up: Float64Array, out: Float64Array): void {
  for (let i = 0; i < along.length; i++) {
    const share = weight * along[i]!;
    // Most cells are far from any one component.
    if (share < 1e-30) continue;
    for (let j = 0; j < up.length; j++) out[i * up.length + j] = out[i * up.length + j]! + share * up[j]!;
  }
}
