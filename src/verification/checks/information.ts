import { log } from "../../../solvers/math/elementary.js";
import { gaussLegendre } from "../../../solvers/math/gauss-legendre.js";
import { atMost } from "../check.js";
import { ClosestCall } from "../closest-call.js";
import { entropy } from "../line-rule.js";
import { probeTimes } from "../probe-times.js";
import { type Curves, ruleAt, type Setting, unexplained, type Verification } from "./setting.js";

const NODES = 24;

/** I(x₀; x_t) between two times against half the integral of mmse over snr. */
export const information: Verification = {
  name: "i-mmse",
  statements: [17],
  needsLine: true,
  run(setting) {
    const { sde } = setting;
    const times = probeTimes(sde, 6).map(({ t }) => t);
    const call = new ClosestCall();
    for (let k = 0; k + 1 < times.length; k++) {
      const [early, late] = [times[k]!, times[k + 1]!];
      const gained = informationAt(setting, early) - informationAt(setting, late);
      const [few, many] = [integral(setting, early, late, NODES / 2), integral(setting, early, late, NODES)];
      const error = Math.abs(gained - many);
      const allowed = Math.abs(few - many) + 1e-9;
      call.add(error, allowed);
    }
    return {
      checks: [
        atMost(call.figure, call.tolerance, {
          name: "i-mmse",
          statement: 17,
          claim: "I(x₀; x_t) changes by ½ ∫ mmse dsnr (largest error over five stretches of t, nats)",
          reason: `what doubling the Gauss–Legendre nodes to ${NODES} changes, and rounding of entropies`,
        }),
      ],
      curves: [informationCurve(setting)],
    };
  },
};

/** I(x₀; x_t) by entropies, and from its value at tMax by the integral of mmse. */
function informationCurve(setting: Setting): Curves {
  const times = probeTimes(setting.sde, 12)
    .map(({ t }) => t)
    .reverse();
  const lambdas = times.map((t) => setting.sde.logSnr(t));
  const measured = times.map((t) => informationAt(setting, t));
  let sum = measured[0]!;
  const integrated = times.map((t, k) => {
    if (k > 0) sum += integral(setting, t, times[k - 1]!, NODES / 2);
    return sum;
  });
  return {
    name: "information",
    title: "What x_t tells of x₀",
    xTitle: "λ = ln(α/σ): data on the right",
    yTitle: "I(x₀; x_t), nats",
    lines: [
      { label: "entropies", x: lambdas, y: measured },
      { label: "½ ∫ mmse dsnr", x: lambdas, y: integrated },
    ],
  };
}

/** I(x₀; x_t) = H(x_t) − H(x_t | x₀). */
function informationAt(setting: Setting, t: number): number {
  const sigma = setting.sde.sigma(t);
  return entropy(ruleAt(setting, t)) - 0.5 * (log(2 * Math.PI * sigma * sigma) + 1);
}

/** ½ ∫ mmse dsnr = ∫ (1 + σ² E s′) dλ, since mmse · snr = 1 + σ² E s′ and dsnr = 2 snr dλ. */
function integral(setting: Setting, early: number, late: number, count: number): number {
  const { sde } = setting;
  const { nodes, weights } = gaussLegendre(count);
  const [from, to] = [sde.logSnr(late), sde.logSnr(early)];
  let sum = 0;
  nodes.forEach((node, i) => {
    const t = sde.timeAtLogSnr(from + (to - from) * 0.5 * (1 + node));
    sum += weights[i]! * unexplained(sde, t, ruleAt(setting, t));
  });
  return 0.5 * (to - from) * sum;
}
