/** Names of the uses of noise inside one step; the sampler's start is step 0, slot `INITIAL`. */
export const NoiseSlot = {
  INITIAL: 0,
  PREDICTOR: 1,
  CHURN: 2,
  /** Uniform numbers of a draw of x₀ given x_t. */
  POSTERIOR: 3,
  /** Space–time Lévy area of the predictor's Brownian path. */
  AREA: 4,
  /** The second half of a step whose first half has noise of its own. */
  SECOND_HALF: 5,
  /** Corrector step k uses CORRECTOR + k. */
  CORRECTOR: 16,
} as const;
