import type { Sde } from "../sdes/types.js";

/** The same SDE, which computes α, σ, λ and g only when t differs from the last one asked for. */
export function rememberTime(sde: Sde): Sde {
  const once = (value: (t: number) => number) => {
    let last = Number.NaN;
    let known = Number.NaN;
    return (t: number) => {
      if (t !== last) {
        known = value(t);
        last = t;
      }
      return known;
    };
  };
  return {
    ...sde,
    alpha: once(sde.alpha),
    sigma: once(sde.sigma),
    logSnr: once(sde.logSnr),
    diffusion: once(sde.diffusion),
  };
}
