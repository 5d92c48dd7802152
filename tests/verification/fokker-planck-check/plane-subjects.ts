import { gaussian } from "../../../src/targets/index.js";

/** A Gaussian in the plane whose axes are not those of its covariance. */
export const correlated = gaussian({
  mean: [0.5, -0.3],
  covariance: [
    [1, 0.6],
    [0.6, 0.8],
  ],
});

/** Names of the checks that do not hold. */
export const failed = (checks: readonly { name: string; verdict: string }[]) =>
  checks.filter(({ verdict }) => verdict !== "pass").map(({ name }) => name);
