import { atMost, type Check, reported } from "../check.js";
import { ClosestCall } from "../closest-call.js";
import { lengths, longest } from "../fokker-planck/row-lengths.js";
import { scoreFpeResidual } from "../fokker-planck/score-fpe-residual.js";
import { probeTimes } from "../probe-times.js";
import { type Places, placesOf } from "./places.js";
import { scoreRounding } from "./score-rounding.js";
import type { Subject } from "./subject.js";

const NODES = 81;
const TAIL = 1e-4;
/** Steps of the coarser differences in widths of the sharpest feature; networks compute in float32, whose rounding 1e-7/step² grows. */
const EXACT_STEP = 0.03;
const LEARNED_STEP = 0.2;

/** Step of differences of a subject's score, in widths of the sharpest feature. */
export function stepInWidths({ learned }: Pick<Subject, "learned">): number {
  return learned === null ? EXACT_STEP : LEARNED_STEP;
}

/** The residual of the score equation over (x, t): relative to max |∂s/∂t| at its time. */
export interface ResidualMap {
  readonly times: readonly number[];
  /** One row of places per time: quantiles 1e-4 … 1 − 1e-4 of p_t, equally spaced. */
  readonly x: readonly Float64Array[];
  readonly residual: readonly Float64Array[];
}

/** A residual at the places of one time: signed on the line, Euclidean lengths in the plane. */
export interface ResidualSlice {
  readonly t: number;
  readonly places: Places;
  readonly residual: Float64Array;
}

/** (d) Residual of ∂s/∂t = ∇[½g² ∇·s + ½g² |s|² − f·s − ∇·f] for the given score. */
export async function scoreResidual(
  subject: Subject,
  count = 9,
): Promise<{ readonly check: Check; readonly slices: readonly ResidualSlice[] }> {
  const { sde, target, score, learned } = subject;
  const { dimension } = target;
  const cells = stepInWidths(subject);
  const slices: ResidualSlice[] = [];
  const call = new ClosestCall();
  let uncertainty = 0;
  for (const { t, step } of probeTimes(sde, count)) {
    const places = placesOf(target, sde, t, { nodes: NODES, tail: TAIL });
    const { points: x, width } = places;
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
    const change = longest(
      fine.residual.map((value, i) => value - coarse.residual[i]!),
      dimension,
    );
    const g = sde.diffusion(t);
    const h = 0.5 * cells * width;
    // Third differences of the score, divided by h²: one for every pair of axes.
    const error = 3 * scoreRounding(width, longest(x, 1));
    const rounding = dimension * dimension * error * ((0.5 * g * g) / (h * h) + 1 / step);
    const relative = fine.largestResidual[0]! / size;
    // A learned score has no bound: its largest residual counts.
    call.add(relative, learned === null ? ((2 / 15) * change + rounding) / size : 1);
    uncertainty = Math.max(uncertainty, change / size);
    const residual = dimension === 1 ? fine.residual : lengths(fine.residual, dimension);
    slices.push({ t, places, residual: residual.map((value) => value / size) });
  }
  const text = {
    name: "score-equation",
    statement: 7,
    claim: "the scores of all times solve one Fokker–Planck equation (largest residual over max |∂s/∂t|)",
  };
  if (learned !== null) {
    const reason = `a learned score solves the equation up to derivatives of its error, which nothing bounds; halving the steps changes the residual by at most ${uncertainty.toPrecision(2)}`;
    return { slices, check: reported(call.figure, { ...text, reason }) };
  }
  return {
    slices,
    check: atMost(call.figure, call.tolerance, {
      ...text,
      reason: "twice the error of fourth-order differences, from halving their steps, and rounding",
    }),
  };
}

/** The residual over place and time on the line. */
export function residualMap(slices: readonly ResidualSlice[]): ResidualMap {
  return {
    times: slices.map(({ t }) => t),
    x: slices.map(({ places }) => places.points),
    residual: slices.map(({ residual }) => residual),
  };
}
