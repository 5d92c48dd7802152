import { bernoulli } from "./bernoulli.js";
import type { Mesh } from "./mesh.js";

/**
 * The tridiagonal rate matrix A of d/dt (cell masses) = A · masses: across face i mass moves from cell i to i + 1 at rate `up[i]`
 * and back at rate `down[i]`. Both are ≥ 0 and columns of A sum to zero, so mass is kept and exp(tA) is positive. Walls carry no flux.
 */
export interface Generator {
  readonly up: Float64Array;
  readonly down: Float64Array;
}

/** A generator of zero rates for `cells` cells. */
export function zeroGenerator(cells: number): Generator {
  return { up: new Float64Array(cells - 1), down: new Float64Array(cells - 1) };
}

/**
 * Writes the Scharfetter–Gummel rates of ∂p/∂t = −∂(drift p)/∂x + diffusivity ∂²p/∂x² to `out`; `drift` is given at the faces.
 *
 * J = (D/Δ)[B(−w) p_i − B(w) p_{i+1}], w = drift Δ/D; upwind in the limit D → 0. Order 2 in the cell width.
 * Source: Scharfetter & Gummel 1969; the same flux as Chang & Cooper 1970.
 */
export function scharfetterGummel(mesh: Mesh, drift: Float64Array, diffusivity: number, out: Generator): void {
  const { widths, distances } = mesh;
  const { up, down } = out;
  for (let i = 0; i < up.length; i++) {
    const a = drift[i]!;
    let forward = Math.max(a, 0);
    let backward = Math.max(-a, 0);
    if (diffusivity > 0) {
      const conductance = diffusivity / distances[i]!;
      // B(|w|) is the smaller of the pair; the larger is |a| more, without cancellation.
      const small = conductance * bernoulli(Math.abs(a) / conductance);
      forward += small;
      backward += small;
    }
    up[i] = forward / widths[i]!;
    down[i] = backward / widths[i + 1]!;
  }
}

/** out = A · masses. */
export function applyGenerator(generator: Generator, masses: Float64Array, out: Float64Array): void {
  const { up, down } = generator;
  let inflow = 0;
  for (let i = 0; i < up.length; i++) {
    const flux = up[i]! * masses[i]! - down[i]! * masses[i + 1]!;
    out[i] = inflow - flux;
    inflow = flux;
  }
  out[up.length] = inflow;
}

/** max |A_ii|, the fastest rate at which a cell empties. */
export function fastestRate(generator: Generator): number {
  const { up, down } = generator;
  let fastest = 0;
  for (let i = 0; i <= up.length; i++) {
    fastest = Math.max(fastest, (i < up.length ? up[i]! : 0) + (i > 0 ? down[i - 1]! : 0));
  }
  return fastest;
}
