import { atMost, type Check, reported } from "../check.js";
import { ClosestCall } from "../closest-call.js";
import { scoreFpeResidual } from "../fokker-planck/score-fpe-residual.js";
import { perturbedAt } from "../laws/output-law.js";
import { lineRule } from "../line-rule.js";
import { probeTimes } from "../probe-times.js";
import type { Subject } from "./subject.js";

const NODES = 81;
const TAIL = 1e-4;
/** Steps of the coarser differences in widths of the sharpest feature; networks compute in float32, whose rounding 1e-7/step² grows. */
const EXACT_STEP = 0.03;
const LEARNED_STEP = 0.2;

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
  const { sde, target, score, learned } = subject;
  const cells = learned === null ? EXACT_STEP : LEARNED_STEP;
  const map = { times: [] as number[], x: [] as Float64Array[], residual: [] as Float64Array[] };
  const call = new ClosestCall();
  let uncertainty = 0;
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
        spaceStep: scale * cells * width,
        timeStep: scale * step,
      });
    const [fine, coarse] = [await at(0.5), await at(1)];
    const size = fine.largestTimeDerivative[0]!;
    const change = fine.residual.reduce((most, value, i) => Math.max(most, Math.abs(value - coarse.residual[i]!)), 0);
    const g = sde.diffusion(t);
    const h = 0.5 * cells * width;
    // Third differences of a score of size 1/width, good to 1e-14, divided by h².
    const rounding = (3e-14 * (0.5 * g * g)) / (width * h * h) + 3e-14 / (width * step);
    const relative = fine.largestResidual[0]! / size;
    // A learned score has no bound: its largest residual counts.
    call.add(relative, learned === null ? ((2 / 15) * change + rounding) / size : 1);
    uncertainty = Math.max(uncertainty, change / size);
    map.times.push(t);
    map.x.push(x);
    map.residual.push(fine.residual.map((value) => value / size));
  }
  const text = {
    name: "score-equation",
    statement: 7,
    claim: "the scores of all times solve one Fokker–Planck equation (largest residual over max |∂s/∂t|)",
  };
  if (learned !== null) {
    const reason = `a learned score solves the equation up to derivatives of its error, which nothing bounds; halving the steps changes the residual by at most ${uncertainty.toPrecision(2)}`;
    return { map, check: reported(call.figure, { ...text, reason }) };
  }
  return {
    map,
    check: atMost(call.figure, call.tolerance, {
      ...text,
      reason: "twice the error of fourth-order differences, from halving their steps, and rounding",
    }),
  };
}
