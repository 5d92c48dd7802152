import { sampledScoreCheck, scoreError } from "../fokker-planck-check/score-error.js";
import { checkSubject } from "../fokker-planck-check/subject.js";
import type { LearnedScore } from "../learned-score.js";
import { sampledScoreError } from "../sampled-score-error.js";
import { isOnLine, type Setting, type Verification } from "./setting.js";

/** A given score against ∇ log p_t: on the line by quadrature, above by sampling. */
export const scoreQuality: Verification = {
  name: "score",
  statements: [],
  needsLine: false,
  async run(setting) {
    if (!setting.isGiven) return { checks: [] };
    if (!isOnLine(setting))
      return { checks: [sampledScoreCheck(await sampledScoreError(setting, counted(setting)), setting)] };
    const check = await scoreError(checkSubject(setting));
    return {
      checks: [check],
      ...(setting.learned === null ? {} : { curves: [await errorCurve(setting, setting.learned)] }),
    };
  },
};

function counted({ samples: count, seed }: Setting) {
  return { count, seed };
}

async function errorCurve({ sde }: Setting, learned: LearnedScore) {
  const lambdas = Array.from({ length: 25 }, (_, k) => {
    const [low, high] = [sde.logSnr(sde.tMax), sde.logSnr(sde.tMin)];
    return low + ((high - low) * k) / 24;
  });
  const y: number[] = [];
  for (const lambda of lambdas) {
    const t = Math.max(sde.tMin, Math.min(sde.tMax, sde.timeAtLogSnr(lambda)));
    const error = sde.sigma(t) * (await learned.error(t));
    y.push(error * error);
  }
  return {
    name: "score-error",
    title: "What each stretch of λ adds to the bound on the KL",
    xTitle: "λ = ln(α/σ): data on the right",
    yTitle: "σ² E|s_θ − ∇ log p_t|², nats per unit of λ",
    yScale: "log" as const,
    lines: [{ label: "learned score", x: lambdas, y }],
  };
}
