import { numberText } from "../../../solvers/number-text.js";
import { atMost, type Check, reported } from "../check.js";
import { ClosestCall } from "../closest-call.js";
import { longest } from "../fokker-planck/row-lengths.js";
import { divergences, scoreJacobian } from "../fokker-planck/score-derivatives.js";
import { modelScore } from "../fokker-planck/score-source.js";
import { perturbedAt } from "../laws/output-law.js";
import { probeTimes } from "../probe-times.js";
import { spaceTerms } from "./equation-residual.js";
import { densityOf, type Places, placesOf } from "./places.js";
import { stepInWidths } from "./score-residual.js";
import { scoreRounding } from "./score-rounding.js";
import type { Subject } from "./subject.js";

const TIMES = 3;
const TAIL = 1e-4;
const COVER = { nodes: 81, tail: TAIL } as const;

/**
 * (d) The given score is a gradient: its Jacobian is symmetric, ∂s₁/∂x₂ = ∂s₂/∂x₁.
 *
 * The only check that sees a field v added to the score with ∇·(p v) = 0: reverse SDE and flow then keep p_t.
 */
export async function gradientCheck(subject: Subject): Promise<Check> {
  const { sde, target, score, learned } = subject;
  const given = modelScore(score, sde);
  const call = new ClosestCall();
  let uncertainty = 0;
  for (const { t } of probeTimes(sde, TIMES)) {
    const places = placesOf(target, sde, t, COVER);
    const { points, width } = places;
    const at = async (scale: number) => scoreJacobian(given, points, t, scale * stepInWidths(subject) * width, 2);
    const [fine, coarse] = [await at(0.5), await at(1)];
    const size = longest(fine, 4);
    const [turn, before] = [curls(fine), curls(coarse)];
    const change = longest(
      turn.map((value, i) => value - before[i]!),
      1,
    );
    const figure = longest(turn, 1) / size;
    const allowed = ((2 / 15) * change + roundingOf(places, 0.5 * stepInWidths(subject))) / size;
    call.add(figure, learned === null ? allowed : 1);
    uncertainty = Math.max(uncertainty, change / size);
  }
  const text = {
    name: "gradient",
    claim: "the score is a gradient: ∂s₁/∂x₂ = ∂s₂/∂x₁ (largest difference over the largest Jacobian)",
  };
  if (learned !== null) {
    const reason = `a network need not be a gradient, and nothing bounds how far it is from one; halving the step changes the figure by at most ${numberText(uncertainty, 2)}`;
    return reported(call.figure, { ...text, reason });
  }
  return atMost(call.figure, call.tolerance, { ...text, reason: REASON });
}

/**
 * (c) The reverse SDE of every η, and the flow, have the marginals p_t: what they add to ∂p/∂t, −½(1 + η²)g² ∇·(p(s − ∇ log p)), is zero.
 */
export async function reverseEquation(subject: Subject): Promise<Check> {
  const { sde, target, reverseScore, learned } = subject;
  const given = modelScore(reverseScore, sde);
  const call = new ClosestCall();
  let isStill = false;
  for (const { t } of probeTimes(sde, TIMES)) {
    const places = placesOf(target, sde, t, COVER);
    const { points, count, width } = places;
    const law = perturbedAt(target, sde, t);
    const density = densityOf(law, points, 2);
    const g = sde.diffusion(t);
    const [exact, laplacian] = [new Float64Array(points.length), new Float64Array(count)];
    law.score(points, count, exact);
    law.scoreDivergence(points, count, laplacian);
    const values = new Float64Array(points.length);
    await given(points, t, values);
    const step = stepInWidths(subject) * width;
    const leak = async (scale: number) => {
      const spread = divergences(await scoreJacobian(given, points, t, scale * step, 2), 2);
      return spread.map((divergence, row) => {
        let along = 0;
        for (let i = 2 * row; i < 2 * row + 2; i++) along += (values[i]! - exact[i]!) * exact[i]!;
        return g * g * density[row]! * (divergence - laplacian[row]! + along);
      });
    };
    const [fine, coarse] = [await leak(0.5), await leak(1)];
    const change = longest(
      fine.map((value, i) => value - coarse[i]!),
      1,
    );
    const { sum, diffusive } = spaceTerms(law, sde, t, points, 2);
    const [rate, term] = [sum, diffusive].map((values) =>
      longest(
        values.map((value, row) => value * density[row]!),
        1,
      ),
    );
    const largest = longest(exact, 2);
    const peak = density.reduce((most, value) => Math.max(most, value), 0);
    const rounding = g * g * peak * (roundingOf(places, 0.5 * stepInWidths(subject)) + 1e-14 * largest * largest);
    const allowed = (2 / 15) * change + rounding;
    const stands = rate! <= allowed;
    isStill ||= stands;
    const scale = stands ? term! : rate!;
    call.add(longest(fine, 1) / scale, learned === null ? allowed / scale : 1);
  }
  const text = {
    name: "reverse-equation",
    statement: 6,
    claim: `drift f − ½(1 + η²)g²s with noise ηg keeps p_t: g² ∇·(p(s − ∇ log p)) = 0 (largest over ${isStill ? "½g²|Δp|: p stands still" : "|∂p/∂t|"}, η = 1)`,
  };
  if (learned !== null) {
    const reason = "how fast the error of a learned score moves mass at the worst place: nothing bounds it";
    return reported(call.figure, { ...text, reason });
  }
  return atMost(call.figure, call.tolerance, { ...text, reason: REASON });
}

const REASON = "twice the error of fourth-order differences, from halving their step, and rounding";

/** Rounding of first differences of a score at those places over h = share · width. */
function roundingOf({ points, width }: Places, share: number): number {
  return (3 * scoreRounding(width, longest(points, 1))) / (share * width);
}

/** ∂s₂/∂x₁ − ∂s₁/∂x₂ of each row of 2 × 2 Jacobians. */
function curls(jacobian: Float64Array): Float64Array {
  return Float64Array.from(
    { length: jacobian.length / 4 },
    (_, row) => jacobian[4 * row + 2]! - jacobian[4 * row + 1]!,
  );
}
