import { numberText } from "../../solvers/number-text.js";
import type { TestResult } from "../metrics/kolmogorov-smirnov.js";
import { atLeast, type Check } from "./check.js";

/** A test on samples, not yet judged. */
export interface SampledTest {
  readonly name: string;
  readonly claim: string;
  readonly result: TestResult;
  /** The statistic in words; "D = …" of Kolmogorov and Smirnov when left out. */
  readonly statistic?: string;
  readonly statement?: number;
}

/** Chance that one of the sampled tests of a run fails although everything is right. */
export const FAMILY_LEVEL = 1e-3;

/** Judges the sampled tests of one run together, by Bonferroni's correction: each at level / number of tests. */
export function judgeFamily(tests: readonly SampledTest[], level = FAMILY_LEVEL): Check[] {
  return tests.map(({ name, claim, result, statistic = `D = ${numberText(result.statistic, 3)}`, statement }) =>
    atLeast(result.pValue, level / tests.length, {
      name,
      claim,
      reason: `p-value, ${level} shared by the ${tests.length} sampled tests of the run (Bonferroni); ${statistic}`,
      ...(statement === undefined ? {} : { statement }),
    }),
  );
}
