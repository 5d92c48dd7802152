import { atMost, type Check } from "../check.js";
import { scoreFpeResidual } from "../fokker-planck/score-fpe-residual.js";
import { perturbedAt } from "../laws/output-law.js";
import { lineRule } from "../line-rule.js";
import { probeTimes } from "../probe-times.js";
import type { Subject } from "./subject.js";

const NODES = 81;
const TAIL = 1e-4;

/** The residual of the score equation over (x, t): relative to max |∂s/∂t| at its time. */
export interface ResidualMap {
  readonly times: readonly number[];
  /** One row of places per time: quantiles 1e-4 … 1 − 1e-4 of p_t, equally spaced. */
  readonly x: readonly Float64Array[];
  readonly residual: readonly Float64Array[];
}

/** (d) Residual of ∂s/∂t = ∂/∂x [½g² ∂s/∂x + ½g² s² − f s − ∂f/∂x] for the given score. */
export async function scoreResidual(
  subject: Subject,
  count = 9,
): Promise<{ readonly check: Check; readonly map: ResidualMap }> {
  const { sde, target, score, modelTolerance } = subject;
  const map = { times: [] as number[], x: [] as Float64Array[], residual: [] as Float64Array[] };
  let [worst, tolerance, ratio] = [0, 0, -1];
  for (const { t, step } of probeTimes(sde, count)) {
    const law = perturbedAt(target, sde, t);
    const { width } = lineRule(law, 1);
    const [low, high] = [law.quantile!(TAIL), law.quantile!(TAIL, { upper: true })];
    const x = Float64Array.from({ length: NODES }, (_, i) => low + ((high - low) * i) / (NODES - 1));
    const at = (scale: number) =>
      scoreFpeResidual({
        sde,
        score,
        x,
        times: [t],
        spaceStep: scale * 0.03 * width,
        timeStep: scale * step,
      });
    const [fine, coarse] = [await at(0.5), await at(1)];
    const size = fine.largestTimeDerivative[0]!;
    const change = fine.residual.reduce((most, value, i) => Math.max(most, Math.abs(value - coarse.residual[i]!)), 0);
    const g = sde.diffusion(t);
    const h = 0.015 * width;
    // Third differences of a score of size 1/width, good to 1e-14, divided by h².
    const rounding = (3e-14 * (0.5 * g * g)) / (width * h * h) + 3e-14 / (width * step);
    const allowed = ((2 / 15) * change + rounding) / size + modelTolerance;
    const relative = fine.largestResidual[0]! / size;
    if (!(relative / allowed <= ratio)) [worst, tolerance, ratio] = [relative, allowed, relative / allowed];
    map.times.push(t);
    map.x.push(x);
    map.residual.push(fine.residual.map((value) => value / size));
  }
  return {
    map,
    check: atMost(worst, tolerance, {
      name: "score-equation",
      statement: 7,
      claim: "the scores of all times solve one Fokker–Planck equation (largest residual over max |∂s/∂t|)",
      reason: `twice the error of fourth-order differences, from halving their steps, and rounding${modelTolerance > 0 ? `; ${modelTolerance} for the model's error` : ""}`,
    }),
  };
}
