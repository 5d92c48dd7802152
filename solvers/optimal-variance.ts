import type { StepContext } from "./step-context.js";
import type { State } from "./types.js";

/**
 * The best variance of a Gaussian reverse step whose mean is that of the kernel p(x_u | x_t, x₀) with the denoiser's x̂₀ for x₀: the
 * kernel's own, and what the denoiser does not know of x₀, c² E‖x₀ − x̂₀‖²/d. With it marginals of isotropic Gaussian data are met at any
 * number of steps.
 *
 * Source: Bao et al. 2022 (arXiv 2201.06503) theorem 1.
 *
 * @param variance of the kernel
 * @param coefficient c, the factor of x₀ in the kernel's mean
 */
export async function optimalVariance<S extends State>(
  context: StepContext<S>,
  t: number,
  { variance, coefficient }: { readonly variance: number; readonly coefficient: number },
): Promise<number> {
  return variance + coefficient * coefficient * (await context.denoisingError(t));
}
