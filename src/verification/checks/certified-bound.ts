import { ddim } from "../../../solvers/exponential/ddim.js";
import { numberText } from "../../../solvers/number-text.js";
import { resolveGrid } from "../../sampling/resolve.js";
import { sample } from "../../sampling/sample.js";
import { exactScore } from "../../scores/exact-score.js";
import { atMost } from "../check.js";
import { exactLawOf } from "../exact-law.js";
import { exactTransport } from "../exact-transport.js";
import { expectation } from "../line-rule.js";
import { ruleAt, type Setting, type Verification } from "./setting.js";
import { solverKernel } from "./solver-kernel.js";
import { lineDistance } from "./terminal.js";

const STEP_COUNTS = [20, 50] as const;
/** Nodes of less weight are left out of τ, where quantiles are no longer known. */
const LEAST_WEIGHT = 1e-14;
/**
 * What that takes from τ at most, relatively, where the gap grows no faster than x: ten nodes a side of less than `LEAST_WEIGHT`, up to nine
 * deviations out, weigh 20 · 81 · 1e-14 in τ². On Gaussian data bound and error agree, and nothing else is between them.
 */
const LEFT_OUT = 10 * 81 * LEAST_WEIGHT;

/** A bound on the error of DDIM, certified step by step, against the measured error. */
export const certifiedBound: Verification = {
  name: "certified-bound",
  statements: [16],
  needsLine: true,
  async run(setting) {
    const rows: (readonly [number, number, number])[] = [];
    for (const steps of STEP_COUNTS) {
      setting.signal?.throwIfAborted();
      rows.push([steps, await boundOf(setting, steps), await measured(setting, steps)]);
    }
    const worst = rows.reduce((most, [, bound, error]) => Math.max(most, error / bound), 0);
    return {
      checks: [
        atMost(worst, 1 + LEFT_OUT, {
          name: "certified-bound",
          statement: 16,
          claim: `e_u ≤ Lip e_t + ${setting.learned === null ? "" : "c_t ‖G − E[x₀|x_t]‖ + "}τ_t bounds the W2 error of ddim: ${rows.map(([steps, bound, error]) => `${numberText(error, 3)} ≤ ${numberText(bound, 3)} at N = ${steps}`).join(", ")} (measured over bound)`,
          reason: "it is a bound, but for what τ leaves out of the tails",
        }),
      ],
      ledgers: [
        {
          name: "certified-bound",
          title: "W2 error of ddim from the prior: certified bound against the exact error",
          columns: ["steps", "bound", "measured"],
          rows,
          note: "Lip is the largest slope of a step, τ the root mean square distance of the step with the exact score to the exact flow, c the step's factor of the denoiser G, e_T = W2(prior, p_tMax). A bound by worst cases: it falls only once steps are small.",
        },
      ],
    };
  },
};

async function measured({ sde, target, model, learned }: Setting, steps: number): Promise<number> {
  const grid = resolveGrid(sde, { steps });
  const law = await exactLawOf({
    sde,
    target,
    ...(learned === null ? {} : { model }),
    solver: ddim.create(),
    grid,
    start: "prior",
    against: "tMin",
    denoise: false,
  });
  return law.w2;
}

/** Runs e_u = Lip · e_t + c ‖G − E[x₀ | x_t]‖ + τ over the grid; the second term is that of a learned score. */
export async function boundOf(
  setting: Pick<Setting, "sde" | "target"> & Partial<Pick<Setting, "model" | "learned">>,
  steps: number,
): Promise<number> {
  const { sde, target, learned = null } = setting;
  const { times } = resolveGrid(sde, { steps });
  const exactModel = exactScore(target, sde);
  const given = learned === null ? exactModel : (setting.model ?? exactModel);
  const solver = ddim.create();
  let error = lineDistance(setting);
  for (let k = 0; k + 1 < times.length; k++) {
    const [t, u] = [times[k]!, times[k + 1]!];
    const rule = ruleAt(setting, t, 4);
    const count = rule.x.length;
    const options = { sde, solver, times: [t, u], samples: count, initial: rule.x, batchSize: count };
    const { samples } = await sample({ ...options, model: exactModel });
    const image = samples.data;
    const learnedImage = learned === null ? image : (await sample({ ...options, model: given })).samples.data;
    let slope = 0;
    for (let i = 0; i + 1 < image.length; i++) {
      slope = Math.max(slope, Math.abs(learnedImage[i + 1]! - learnedImage[i]!) / (rule.x[i + 1]! - rule.x[i]!));
    }
    const inside = Array.from(rule.x.keys()).filter((i) => rule.weights[i]! > LEAST_WEIGHT);
    const exact = exactTransport(target, sde, t, u)!(Float64Array.from(inside, (i) => rule.x[i]!));
    const gaps = new Float64Array(rule.x.length);
    inside.forEach((i, at) => {
      gaps[i] = image[i]! - exact[at]!;
    });
    const local = Math.sqrt(expectation(rule, (_, i) => gaps[i]! * gaps[i]!));
    // The denoiser's error is (σ²/α) that of the score.
    const scoreError = learned === null ? 0 : await learned.error(t);
    const factor = scoreError === 0 ? 0 : (await solverKernel(solver, sde, t, u)).data;
    const denoiser = (scoreError * sde.sigma(t) * sde.sigma(t)) / sde.alpha(t);
    error = slope * error + Math.abs(factor) * denoiser + local;
  }
  return error;
}
