import { exp } from "../../../solvers/math/elementary.js";
import type { PerturbedLaw } from "../../targets/types.js";
import { atMost, type Check } from "../check.js";
import { ClosestCall } from "../closest-call.js";
import { perturbedAt } from "../laws/output-law.js";
import { probeTimes } from "../probe-times.js";
import { logDensityOf, placesOf } from "./places.js";
import type { Subject } from "./subject.js";

const NODES = 161;
const TAIL = 1e-6;

/**
 * (a) Residual of ∂p/∂t + ∇·(f p) − ½ g² Δp for the exact p_t, relative to the largest |∂p/∂t| at its time, or to the largest ½g² |Δp|
 * where p stands still: where |∂p/∂t| is below its own error.
 *
 * Space derivatives come from the oracle's score and its divergence, ∂ log p/∂t from differences of order 4 of its log-density.
 */
export function equationResidual({ sde, target, equation }: Subject): Check {
  const { dimension } = target;
  const call = new ClosestCall();
  let isStill = false;
  for (const { t, step } of probeTimes(sde, 9)) {
    const law = perturbedAt(target, sde, t);
    const { points: x, count } = placesOf(target, sde, t, { nodes: NODES, tail: TAIL });
    const density = logDensityOf(law, x, dimension).map((value) => exp(value));
    const { sum: rest, diffusive } = spaceTerms(law, equation, t, x, dimension);
    const fine = timeDerivative(target, sde, t, step, x);
    const coarse = timeDerivative(target, sde, t, 2 * step, x);
    let [rate, term, residual, change] = [0, 0, 0, 0];
    for (let i = 0; i < count; i++) {
      const p = density[i]!;
      rate = Math.max(rate, Math.abs(p * fine[i]!));
      term = Math.max(term, Math.abs(p * diffusive[i]!));
      residual = Math.max(residual, Math.abs(p * (fine[i]! + rest[i]!)));
      change = Math.max(change, Math.abs(p * (coarse[i]! - fine[i]!)));
    }
    // Of order 4: the coarse difference is 15 errors of the fine one away. log p is good to about 1e-14.
    const peak = density.reduce((most, p) => Math.max(most, p), 0);
    const allowed = (2 / 15) * change + (3e-14 * peak) / step;
    const stands = rate <= allowed;
    isStill ||= stands;
    const scale = stands ? term : rate;
    call.add(residual / scale, allowed / scale);
  }
  return atMost(call.figure, call.tolerance, {
    name: "equation",
    statement: 7,
    claim: `∂p/∂t = ${dimension === 1 ? "−∂(f p)/∂x + ½g² ∂²p/∂x²" : "−∇·(f p) + ½g² Δp"} for the exact p_t (largest residual over ${isStill ? "½g²|Δp|: p stands still" : "|∂p/∂t|"})`,
    reason: "twice the error of the differences in t, from halving their step, and rounding",
  });
}

/** ∂ log p/∂t by central differences of order 4. */
function timeDerivative(target: Subject["target"], sde: Subject["sde"], t: number, h: number, x: Float64Array) {
  const at = (k: number) => logDensityOf(perturbedAt(target, sde, t + k * h), x, target.dimension);
  const [a, b, c, d] = [at(-2), at(-1), at(1), at(2)];
  return a.map((_, i) => (a[i]! - 8 * b[i]! + 8 * c[i]! - d[i]!) / (12 * h));
}

/** Terms of the Fokker–Planck equation over p, per point. */
interface SpaceTerms {
  /** (∇·(f p) − ½g² Δp)/p = ∇·f + f·s − ½g² (∇·s + |s|²). */
  readonly sum: Float64Array;
  /** ½g² Δp/p alone. */
  readonly diffusive: Float64Array;
}

/** The terms of an equation for the densities of a law at points, count × dimension. */
export function spaceTerms(
  law: PerturbedLaw,
  equation: Subject["equation"],
  t: number,
  x: Float64Array,
  dimension: number,
): SpaceTerms {
  const count = x.length / dimension;
  const [score, divergence] = [new Float64Array(x.length), new Float64Array(count)];
  law.score(x, count, score);
  law.scoreDivergence(x, count, divergence);
  const g = equation.diffusion(t);
  const f = equation.drift(x, t);
  // Drifts act on each coordinate alone.
  const h = (x[x.length - dimension]! - x[0]!) / (2 * (count - 1));
  const right = equation.drift(
    x.map((value) => value + h),
    t,
  );
  const left = equation.drift(
    x.map((value) => value - h),
    t,
  );
  const diffusive = new Float64Array(count);
  const sum = divergence.map((slope, row) => {
    let [spread, along, square] = [0, 0, 0];
    for (let i = row * dimension; i < (row + 1) * dimension; i++) {
      const s = score[i]!;
      spread += (right[i]! - left[i]!) / (2 * h);
      along += f[i]! * s;
      square += s * s;
    }
    diffusive[row] = 0.5 * g * g * (slope + square);
    return spread + along - diffusive[row]!;
  });
  return { sum, diffusive };
}
