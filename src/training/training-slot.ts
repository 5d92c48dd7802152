/**
 * Names of the uses of random numbers in training: stream 'training', step = training step.
 *
 * Exact samples of targets use slots below 16 of the same stream.
 */
export const TrainingSlot = {
  /** Start of the parameters (step 0). */
  INITIAL: 16,
  /** Frequencies of random Fourier features (seed 0). */
  FREQUENCIES: 17,
  /** Order of the rows of a data set (step = epoch). */
  ORDER: 18,
  TIME: 19,
  NOISE: 20,
  /** Which rows lose their class. */
  DROPOUT: 21,
  /** Which rows of a data set are held out (step 0). */
  SPLIT: 22,
  /** Numbers on which a smaller program is tried (seed 0, step = input). */
  TRIAL: 23,
} as const;

/** Repeats (the `run` of a noise name) that training, validation and the true score error draw from. */
export const TrainingRun = { TRAINING: 0, VALIDATION: 1, SCORE_ERROR: 2 } as const;
