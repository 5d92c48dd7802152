/** Names of the uses of noise inside one step; the sampler's start is step 0, slot `INITIAL`. */
export const NoiseSlot = {
  INITIAL: 0,
  PREDICTOR: 1,
  CHURN: 2,
  /** Corrector step k uses CORRECTOR + k. */
  CORRECTOR: 16,
} as const;
