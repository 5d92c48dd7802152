import { conversion } from "../../../solvers/conversion.js";
import type { Prediction } from "../../../solvers/types.js";
import { atMost } from "../check.js";
import { probeTimes } from "../probe-times.js";
import type { Verification } from "./setting.js";

const PREDICTIONS: readonly Prediction[] = ["score", "noise", "data", "velocity"];

/** Score, noise, data and velocity, converted among each other, against x = αx₀ + σε with known x₀ and ε. */
export const conversions: Verification = {
  name: "conversions",
  statements: [],
  needsLine: false,
  run({ sde }) {
    let worst = 0;
    for (const { t } of probeTimes(sde, 9)) {
      const [alpha, sigma, f, g] = [sde.alpha(t), sde.sigma(t), sde.driftCoefficient(t), sde.diffusion(t)];
      for (const [data, noise] of [
        [0.7, -0.4],
        [-1.9, 1.3],
      ] as const) {
        const x = alpha * data + sigma * noise;
        const sigmaRate = (0.5 * g * g) / sigma + f * sigma;
        const known: Readonly<Record<Prediction, number>> = {
          score: -noise / sigma,
          noise,
          data,
          velocity: sde.variancePreserving ? alpha * noise - sigma * data : f * alpha * data + sigmaRate * noise,
        };
        for (const from of PREDICTIONS) {
          for (const to of PREDICTIONS) {
            const map = conversion(from, to, sde, t);
            const terms = Math.abs(map.state * x) + Math.abs(map.prediction * known[from]);
            const error = Math.abs(map.state * x + map.prediction * known[from] - known[to]);
            worst = Math.max(worst, error / (terms + Math.abs(known[to])));
          }
        }
      }
    }
    return {
      checks: [
        atMost(worst, 1e-13, {
          name: "conversions",
          claim:
            "score, noise, data and velocity convert into each other (16 maps; error over the size of their terms)",
          reason: "rounding of a few operations",
        }),
      ],
    };
  },
};
