import type { Awaitable } from "../../../solvers/types.js";
import type { Sde } from "../../sdes/types.js";
import type { ScoreFunction } from "./score-source.js";

/** Drift and diffusivity of an equation ∂p/∂c = −∂(a p)/∂x + D ∂²p/∂x² in the direction in which its clock c runs. */
export interface Field {
  /** True when neither depends on c. */
  readonly constant: boolean;
  /** Writes a(x, c) for every x to `drift` and returns D(c) ≥ 0. */
  at(c: number, x: Float64Array, drift: Float64Array): Awaitable<number>;
}

/** The forward equation of an SDE in t: a = f, D = ½g². */
export function forwardField(sde: Sde): Field {
  return {
    constant: false,
    at(t, x, drift) {
      sde.drift(x, t, drift);
      return diffusivity(sde, t);
    },
  };
}

/** The forward equation in τ = ∫D dt, for an SDE whose f/D does not depend on t: a = f/D, D = 1. */
export function forwardFieldInTau(sde: Sde, t: number): Field {
  return {
    constant: true,
    at(_tau, x, drift) {
      sde.drift(x, t, drift);
      const scale = 1 / diffusivity(sde, t);
      for (let i = 0; i < x.length; i++) drift[i] = scale * drift[i]!;
      return 1;
    },
  };
}

/**
 * The reverse-time equation of the η-family, run from large t to small: a = −f + ½(1 + η²) g² s, D = ½ η² g².
 *
 * For the score s = ∂ log p_t/∂x every η has the marginals p_t (Huang, Lim & Courville 2021; Karras et al. 2022 §4).
 */
export function reverseField(sde: Sde, score: ScoreFunction, eta: number): Field {
  let s = new Float64Array(0);
  const weight = 1 + eta * eta;
  return {
    constant: false,
    at(t, x, drift) {
      if (s.length !== x.length) s = new Float64Array(x.length);
      const d = diffusivity(sde, t);
      const finish = () => {
        sde.drift(x, t, drift);
        for (let i = 0; i < x.length; i++) drift[i] = weight * d * s[i]! - drift[i]!;
        return eta * eta * d;
      };
      const answer = score(x, t, s);
      return answer instanceof Promise ? answer.then(finish) : finish();
    },
  };
}

/** D(t) = ½ g(t)². */
export function diffusivity(sde: Sde, t: number): number {
  const g = sde.diffusion(t);
  return 0.5 * g * g;
}
