import { exp } from "../../../solvers/math/elementary.js";
import type { PerturbedLaw } from "../../targets/types.js";
import { atMost, type Check } from "../check.js";
import { ClosestCall } from "../closest-call.js";
import { perturbedAt } from "../laws/output-law.js";
import { probeTimes } from "../probe-times.js";
import type { Subject } from "./subject.js";

const NODES = 161;
const TAIL = 1e-6;

/**
 * (a) Residual of ∂p/∂t + ∂(f p)/∂x − ½ g² ∂²p/∂x² for the exact p_t, relative to the largest |∂p/∂t| at its time.
 *
 * Space derivatives come from the oracle's score and its divergence, ∂ log p/∂t from differences of order 4 of its log-density.
 */
export function equationResidual({ sde, target, equation }: Subject): Check {
  const call = new ClosestCall();
  for (const { t, step } of probeTimes(sde, 9)) {
    const law = perturbedAt(target, sde, t);
    const x = quantileNodes(law);
    const density = logDensityOf(law, x).map((value) => exp(value));
    const rest = spaceTerms(law, equation, t, x);
    const fine = timeDerivative(target, sde, t, step, x);
    const coarse = timeDerivative(target, sde, t, 2 * step, x);
    let [scale, residual, change] = [0, 0, 0];
    for (let i = 0; i < NODES; i++) {
      const p = density[i]!;
      scale = Math.max(scale, Math.abs(p * fine[i]!));
      residual = Math.max(residual, Math.abs(p * (fine[i]! + rest[i]!)));
      change = Math.max(change, Math.abs(p * (coarse[i]! - fine[i]!)));
    }
    // Of order 4: the coarse difference is 15 errors of the fine one away. log p is good to about 1e-14.
    const peak = density.reduce((most, p) => Math.max(most, p), 0);
    const allowed = ((2 / 15) * change + (3e-14 * peak) / step) / scale;
    call.add(residual / scale, allowed);
  }
  return atMost(call.figure, call.tolerance, {
    name: "equation",
    statement: 7,
    claim: "∂p/∂t = −∂(f p)/∂x + ½g² ∂²p/∂x² for the exact p_t (largest residual over |∂p/∂t|)",
    reason: "twice the error of the differences in t, from halving their step, and rounding",
  });
}

function quantileNodes(law: PerturbedLaw): Float64Array {
  const low = law.quantile!(TAIL);
  const high = law.quantile!(TAIL, { upper: true });
  return Float64Array.from({ length: NODES }, (_, i) => low + ((high - low) * i) / (NODES - 1));
}

function logDensityOf(law: PerturbedLaw, x: Float64Array): Float64Array {
  const out = new Float64Array(x.length);
  law.logDensity(x, x.length, out);
  return out;
}

/** ∂ log p/∂t by central differences of order 4. */
function timeDerivative(target: Subject["target"], sde: Subject["sde"], t: number, h: number, x: Float64Array) {
  const at = (k: number) => logDensityOf(perturbedAt(target, sde, t + k * h), x);
  const [a, b, c, d] = [at(-2), at(-1), at(1), at(2)];
  return x.map((_, i) => (a[i]! - 8 * b[i]! + 8 * c[i]! - d[i]!) / (12 * h));
}

/** (∂(f p)/∂x − ½g² ∂²p/∂x²)/p = ∂f/∂x + f s − ½g² (s′ + s²). */
function spaceTerms(law: PerturbedLaw, equation: Subject["equation"], t: number, x: Float64Array): Float64Array {
  const [score, slope] = [new Float64Array(x.length), new Float64Array(x.length)];
  law.score(x, x.length, score);
  law.scoreDivergence(x, x.length, slope);
  const g = equation.diffusion(t);
  const f = equation.drift(x, t);
  const h = (x[1]! - x[0]!) / 2;
  const right = equation.drift(
    x.map((value) => value + h),
    t,
  );
  const left = equation.drift(
    x.map((value) => value - h),
    t,
  );
  return x.map((_, i) => {
    const s = score[i]!;
    return (right[i]! - left[i]!) / (2 * h) + f[i]! * s - 0.5 * g * g * (slope[i]! + s * s);
  });
}
