import { UsageError } from "../../solvers/errors.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import { mmseOf, ruleAt } from "./checks/setting.js";
import { hasExactLaw } from "./exact-law.js";

/**
 * mmse(t) = E Var(x₀ | x_t) of a law on the line, by quadrature of the Fisher information of p_t; what `optimalVarianceDdpm` asks for.
 *
 * @throws UsageError unless the target has dimension 1 and a quantile function
 */
export function denoisingError(target: Target, sde: Sde): (t: number) => number {
  if (target.dimension !== 1 || !hasExactLaw(target)) {
    throw new UsageError(
      `target: the denoising error needs a law on the line with a quantile function, but '${target.name}' has dimension ${target.dimension} - give mmse(t) yourself`,
    );
  }
  const known = new Map<number, number>();
  return (t) => {
    const value = known.get(t) ?? mmseOf({ sde }, t, ruleAt({ target, sde }, t));
    known.set(t, value);
    return value;
  };
}
