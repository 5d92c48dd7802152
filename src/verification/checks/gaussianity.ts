import { log } from "../../../solvers/math/elementary.js";
import { integerPower } from "../../../solvers/math/integer-power.js";
import { atMost, type Check } from "../check.js";
import { entropy, expectation } from "../line-rule.js";
import { evenTimes } from "../probe-times.js";
import { ruleAt, type Setting, type Verification } from "./setting.js";

const TIMES = 24;

/** How Gaussian p_t is: cumulants, negentropy, and its relaxation. */
export const gaussianity: Verification = {
  name: "gaussianity",
  statements: [2, 18],
  needsLine: true,
  run(setting) {
    const { sde } = setting;
    const times = Array.from(evenTimes(sde, TIMES));
    const rows = times.map((t) => momentsAt(setting, t));
    const first = rows[0]!;
    let worst = 0;
    rows.forEach(({ deviation, third, fourth }, k) => {
      const ratio = sde.alpha(times[k]!) / sde.alpha(sde.tMin);
      const cube = ratio * ratio * ratio;
      worst = Math.max(worst, Math.abs(third - cube * first.third) / integerPower(deviation, 3));
      worst = Math.max(worst, Math.abs(fourth - cube * ratio * first.fourth) / integerPower(deviation, 4));
    });
    let rise = 0;
    for (let k = 1; k < rows.length; k++) rise = Math.max(rise, rows[k]!.negentropy - rows[k - 1]!.negentropy);
    const lambda = times.map((t) => sde.logSnr(t));
    const curve = (label: string, value: (row: (typeof rows)[number]) => number) => ({
      label,
      x: lambda,
      y: rows.map(value),
    });
    return {
      checks: [
        atMost(worst, 1e-10, {
          name: "cumulants",
          statement: 2,
          claim: "third and fourth cumulants shrink by α³ and α⁴ exactly (over the deviation's power, largest over t)",
          reason: "rounding of fourth moments",
        }),
        atMost(rise, 1e-10, {
          name: "negentropy",
          statement: 18,
          claim: "the distance of p_t to its best Gaussian never grows (largest rise, nats)",
          reason: "rounding of entropies",
        }),
        ...relaxation(setting, rows, times),
      ],
      curves: [
        {
          name: "gaussianity",
          title: "How Gaussian p_t is",
          xTitle: "λ = ln(α/σ): data on the right",
          yTitle: "size",
          yScale: "log",
          lines: [
            curve("negentropy (nats)", ({ negentropy }) => negentropy),
            curve("|skewness|", ({ third, deviation }) => Math.abs(third) / integerPower(deviation, 3)),
            curve("|excess kurtosis|", ({ fourth, deviation }) => Math.abs(fourth) / integerPower(deviation, 4)),
          ],
        },
      ],
    };
  },
};

function momentsAt(setting: Setting, t: number) {
  const rule = ruleAt(setting, t);
  const mean = expectation(rule, (x) => x);
  const central = (power: number) => expectation(rule, (x) => integerPower(x - mean, power));
  const [variance, third, m4] = [central(2), central(3), central(4)];
  const surprise = entropy(rule);
  return {
    mean,
    variance,
    deviation: Math.sqrt(variance),
    third,
    fourth: m4 - 3 * variance * variance,
    surprise,
    negentropy: 0.5 * (log(2 * Math.PI * variance) + 1) - surprise,
  };
}

/** KL(p_t ‖ N(0, 1)) ≤ e^{−∫β} KL(p_tMin ‖ N(0, 1)) for variance-preserving SDEs. */
function relaxation(
  { sde }: Setting,
  rows: readonly ReturnType<typeof momentsAt>[],
  times: readonly number[],
): Check[] {
  if (!sde.variancePreserving) return [];
  const kl = rows.map(({ mean, variance, surprise }) => 0.5 * (log(2 * Math.PI) + variance + mean * mean) - surprise);
  const start = sde.alpha(times[0]!);
  let excess = Number.NEGATIVE_INFINITY;
  kl.forEach((value, k) => {
    const ratio = sde.alpha(times[k]!) / start;
    excess = Math.max(excess, value - ratio * ratio * kl[0]!);
  });
  return [
    atMost(excess, 1e-10, {
      name: "relaxation",
      statement: 2,
      claim: "KL(p_t ‖ N(0, 1)) ≤ e^{−∫β} KL(p_tMin ‖ N(0, 1)) (largest excess, nats)",
      reason: "an inequality: rounding alone may exceed it",
    }),
  ];
}
