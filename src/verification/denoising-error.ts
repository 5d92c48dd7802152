import { UsageError } from "../../solvers/errors.js";
import type { Awaitable, Model, Schedule } from "../../solvers/types.js";
import { isGaussianTarget } from "../targets/gaussian.js";
import type { Target } from "../targets/types.js";
import { scoreFunction } from "./fokker-planck/score-source.js";
import { expectation, lineRule } from "./line-rule.js";

/**
 * E‖x₀ − x̂₀‖² per dimension of the denoiser at time t, without sampling: what variance 'optimal' of `ddpm` asks for.
 *
 * With the exact score it is mmse(t) = E Var(x₀ | x_t): in closed form for Gaussian targets, by quadrature on the line. For any other score s_θ
 * on the line it is (σ²/α²)(1 + σ² E[s_θ² − 2 s_θ s]), s = ∇ log p_t.
 *
 * @throws UsageError unless the target is Gaussian, or has dimension 1 and a quantile function; above one dimension for any model
 */
export function denoisingError(target: Target, sde: Schedule, model?: Model): (t: number) => Awaitable<number> {
  if (model === undefined && isGaussianTarget(target)) {
    const { eigenvalues, dimension } = target;
    return (t) => {
      const [square, noise] = [sde.alpha(t) * sde.alpha(t), sde.sigma(t) * sde.sigma(t)];
      return eigenvalues.reduce((sum, v) => sum + (v * noise) / (square * v + noise), 0) / dimension;
    };
  }
  if (target.dimension !== 1 || target.quantile === undefined) {
    throw new UsageError(
      `target: the denoising error needs a law on the line with a quantile function, but '${target.name}' has dimension ${target.dimension} - give denoisingError(t) yourself`,
    );
  }
  const known = new Map<number, number>();
  const score = model === undefined ? null : scoreFunction(model, sde);
  return async (t) => {
    const before = known.get(t);
    if (before !== undefined) return before;
    const rule = lineRule(target.perturbed(sde.alpha(t), sde.sigma(t)));
    const values = score === null ? rule.score : new Float64Array(rule.x.length);
    await score?.(rule.x, t, values);
    const [alpha, variance] = [sde.alpha(t), sde.sigma(t) * sde.sigma(t)];
    // Close to the data 1 and σ² E s² cancel: the slope of the exact score keeps what is left.
    const left = expectation(rule, (_, i) => {
      const miss = values[i]! - rule.score[i]!;
      return 1 + variance * (rule.scoreSlope[i]! + miss * miss);
    });
    const value = (variance / (alpha * alpha)) * left;
    known.set(t, value);
    return value;
  };
}
