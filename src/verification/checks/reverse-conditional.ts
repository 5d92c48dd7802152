import { exp, log } from "../../../solvers/math/elementary.js";
import { resolveGrid } from "../../sampling/resolve.js";
import { atMost, type Check, skipped } from "../check.js";
import { entropy, expectation, MOST_NODES } from "../line-rule.js";
import { evenRuleAt, ruleAt, type Setting, type Verification } from "./setting.js";

const STEP_COUNTS = [5, 10, 20, 40, 80] as const;
/** Deviations of the noise beyond which a conditional density has no weight: e^{−½·12²} = 5e-32. */
const REACH = 12;

/** How far q(x_u | x_t) is from its best Gaussian: the KL that no network removes. */
export const reverseConditional: Verification = {
  name: "reverse-conditional",
  statements: [3],
  needsLine: true,
  run(setting) {
    const sums = STEP_COUNTS.map((steps) => totalGap(setting, steps));
    // Below 1e-9 the sums are rounding: Gaussian data.
    const left = sums[0]! > 1e-9 ? sums[sums.length - 1]! / sums[0]! : 0;
    const { sde } = setting;
    const middle = 0.5 * (sde.tMin + sde.tMax);
    const [u, t] = [middle - 0.1 * (sde.tMax - sde.tMin), middle];
    return {
      checks: [
        againstIntegration(setting, t, u),
        atMost(left, 1, {
          name: "more-steps",
          statement: 3,
          claim: `more steps bring the reverse conditionals nearer to Gaussians: Σ KL = ${sums.map((value) => value.toFixed(3)).join(", ")} for N = ${STEP_COUNTS.join(", ")} (last over first)`,
          reason: "sixteen times the steps leave less",
        }),
      ],
      curves: [
        {
          name: "reverse-conditional",
          title: "What no network of Gaussian steps can remove",
          xTitle: "steps",
          yTitle: "Σ KL of q(x_u | x_t) to its best Gaussian, nats",
          lines: [{ label: "best Gaussian steps", x: [...STEP_COUNTS], y: sums }],
        },
      ],
      ledgers: [
        {
          name: "reverse-conditional",
          title: "Sum over steps of the KL of q(x_u | x_t) to its best Gaussian",
          columns: ["steps", "nats"],
          rows: STEP_COUNTS.map((steps, k) => [steps, sums[k]!]),
          note: "No network that predicts Gaussian steps can do better; only more steps can.",
        },
      ],
    };
  },
};

function againstIntegration(setting: Setting, t: number, u: number): Check {
  const text = {
    name: "reverse-conditional",
    statement: 3,
    claim:
      "E KL(q(x_u | x_t) ‖ its best Gaussian) = H_t − H_u − ln r + ½ E ln(1 + v s′), against integration of the conditional (nats)",
  };
  const direct = directGap(setting, t, u);
  if (direct === null) {
    return skipped({ ...text, reason: `${MOST_NODES} nodes do not resolve the noise from t = ${u} to ${t}` });
  }
  return atMost(Math.abs(stepGap(setting, t, u) - direct), 1e-7, {
    ...text,
    reason: "the trapezoidal rule on 300 conditionals, twenty nodes to the narrowest width and four to their noise",
  });
}

/** The sum over the steps of the SDE's customary grid. */
export function totalGap(setting: Pick<Setting, "sde" | "target">, steps: number): number {
  const { times } = resolveGrid(setting.sde, { steps });
  let sum = 0;
  for (let k = 0; k < steps; k++) sum += stepGap(setting, times[k]!, times[k + 1]!);
  return sum;
}

/** Var(x_u | x_t) = v (1 + v s′)/r², so that the gap needs two entropies and one expectation. */
function stepGap(setting: Pick<Setting, "sde" | "target">, t: number, u: number): number {
  const { scale, variance } = setting.sde.transition(u, t);
  const late = ruleAt(setting, t);
  const mean = expectation(late, (_, i) => log(Math.max(1e-300, 1 + variance * late.scoreSlope[i]!)));
  return entropy(late) - entropy(ruleAt(setting, u)) - log(scale) + 0.5 * mean;
}

/** The same by integrating −ln of the conditional density for each of 300 values of x_t; null where nodes cannot resolve the noise. */
function directGap(setting: Setting, t: number, u: number): number | null {
  const { scale, variance } = setting.sde.transition(u, t);
  const noise = Math.sqrt(variance) / scale;
  const [late, early] = [ruleAt(setting, t, 40), evenRuleAt(setting, u, 20, 0.25 * noise)];
  const last = early.x.length - 1;
  const spacing = (early.x[last]! - early.x[0]!) / last;
  // One node to a deviation still leaves e^{−2π²} = 3e-9.
  if (spacing > noise) return null;
  const stride = Math.max(1, Math.floor(late.x.length / 300));
  const conditional = new Float64Array(early.x.length);
  let [sum, total] = [0, 0];
  for (let i = 0; i < late.x.length; i += stride) {
    const weight = late.weights[i]!;
    if (weight < 1e-14 * stride) continue;
    let [mass, mean, square, plogp] = [0, 0, 0, 0];
    const middle = (late.x[i]! / scale - early.x[0]!) / spacing;
    const from = Math.max(0, Math.floor(middle - (REACH * noise) / spacing));
    const to = Math.min(last, Math.ceil(middle + (REACH * noise) / spacing));
    for (let j = from; j <= to; j++) {
      const offset = late.x[i]! - scale * early.x[j]!;
      const value = early.weights[j]! * exp((-0.5 * offset * offset) / variance);
      conditional[j] = value;
      mass += value;
      mean += value * early.x[j]!;
    }
    mean /= mass;
    for (let j = from; j <= to; j++) {
      const p = conditional[j]! / mass;
      if (p <= 0) continue;
      square += p * (early.x[j]! - mean) * (early.x[j]! - mean);
      plogp += p * log(p / spacing);
    }
    sum += weight * (0.5 * (log(2 * Math.PI * square) + 1) + plogp);
    total += weight;
  }
  return sum / total;
}
