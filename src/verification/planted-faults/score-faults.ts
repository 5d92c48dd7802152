import { exactScore } from "../../scores/exact-score.js";
import { scoreIdentities } from "../checks/score-identities.js";
import type { Setting } from "../checks/setting.js";
import { tweedie } from "../checks/tweedie.js";
import { laterBy, modelFrom, type ScoreChange } from "../model-from.js";
import type { Fault, FaultGroup } from "./fault-group.js";

/** Faults of a score that is meant to be exact. */
export const scoreFaults: FaultGroup = {
  place: "score",
  verifications: [scoreIdentities, tweedie],
  sound: (setting) => ({
    ...setting,
    model: exactScore(setting.target, setting.sde),
    isGiven: true,
    learned: null,
    modelTolerance: 0,
  }),
  faults: [
    inScore("score-size", "score 0.1% too large", () => ({ value: (score) => 1.001 * score })),
    inScore("score-offset", "1% of the score's scale 1/√Var x₀ added", (setting) => {
      const offset = 0.01 / Math.sqrt(dataVariance(setting));
      return { value: (score) => score + offset };
    }),
    inScore("score-clipped", "score clipped at 3/σ", ({ sde }) => ({
      value: (score, t) => Math.max(-3 / sde.sigma(t), Math.min(3 / sde.sigma(t), score)),
    })),
    inScore("score-late", "score read a hundredth of λ too late", ({ sde }) => ({ at: laterBy(sde, 0.01) })),
    inScore("other-data", "score of data moved by a hundredth of their deviation", (setting) => {
      const shift = 0.01 * Math.sqrt(dataVariance(setting));
      return { place: (x, t) => x - setting.sde.alpha(t) * shift };
    }),
    inScore("noise-for-score", "noise prediction −σs taken for the score", ({ sde }) => ({
      value: (score, t) => -sde.sigma(t) * score,
    })),
  ],
};

function inScore(name: string, mistake: string, change: (setting: Setting) => ScoreChange): Fault {
  return {
    name,
    mistake,
    plant: (setting) => ({ ...setting, model: modelFrom(setting.model, setting.sde, change(setting)) }),
  };
}

function dataVariance({ target }: Setting): number {
  return target.covariance[0]!;
}
