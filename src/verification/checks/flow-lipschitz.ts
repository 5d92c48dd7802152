import { log } from "../../../solvers/math/elementary.js";
import { quantileLaw } from "../../metrics/quantile-law.js";
import { atMost } from "../check.js";
import { exactTransport } from "../exact-transport.js";
import { perturbedAt } from "../laws/output-law.js";
import { evenTimes } from "../probe-times.js";
import { ruleAt, type Setting, type Verification } from "./setting.js";

const TIMES = 120;
/** Of quotients of quantiles a thousandth of probability apart. */
const ROUNDING = 1e-9;

/** sup |∂u/∂x| of the probability flow against t, and the stretching it allows. */
export const flowLipschitz: Verification = {
  name: "flow-lipschitz",
  statements: [8],
  needsLine: true,
  run(setting) {
    const { sde, target } = setting;
    const times = Array.from(evenTimes(sde, TIMES));
    const slopes = times.map((t) => flowSlopes(setting, t));
    // ∫ sup(∂u/∂x) dt forwards.
    let stretch = 0;
    for (let k = 0; k + 1 < times.length; k++) {
      stretch += (times[k + 1]! - times[k]!) * Math.max(slopes[k]!.most, slopes[k + 1]!.most);
    }
    const start = quantileLaw(perturbedAt(target, sde, sde.tMin));
    const x = Float64Array.from({ length: 999 }, (_, i) => start.quantile((i + 1) / 1000));
    const image = exactTransport(target, sde, sde.tMin, sde.tMax)!(x);
    let most = 0;
    for (let i = 0; i + 1 < x.length; i++) most = Math.max(most, (image[i + 1]! - image[i]!) / (x[i + 1]! - x[i]!));
    return {
      checks: [
        atMost(log(most), stretch + ROUNDING, {
          name: "flow-stretch",
          statement: 8,
          claim:
            "the flow stretches no distance by more than exp ∫ sup ∂u/∂x dt (logarithm of the largest stretch, data to noise)",
          reason: "Grönwall's inequality, the integral taken from above at 120 steps of λ, and rounding",
        }),
      ],
      curves: [
        {
          name: "flow-lipschitz",
          title: "Lipschitz constant of the probability flow",
          xTitle: "λ = ln(α/σ): data on the right",
          yTitle: "sup |∂u/∂x|",
          yScale: "log",
          lines: [
            { label: "per unit of t", x: times.map((t) => sde.logSnr(t)), y: slopes.map(({ size }) => size) },
            { label: "per unit of λ", ...finitePoints(times, (k) => slopes[k]!.size * slopes[k]!.unit, sde) },
          ],
        },
      ],
    };
  },
};

/** Points over λ, without those at instants when λ stands still: g = 0. */
function finitePoints(times: readonly number[], value: (k: number) => number, sde: Setting["sde"]) {
  const kept = [...times.keys()].filter((k) => Number.isFinite(value(k)));
  return { x: kept.map((k) => sde.logSnr(times[k]!)), y: kept.map(value) };
}

/** Extremes of ∂u/∂x = f − ½g² s′ over the line, and dt/dλ. */
function flowSlopes(setting: Setting, t: number) {
  const { sde } = setting;
  const [f, g, sigma] = [sde.driftCoefficient(t), sde.diffusion(t), sde.sigma(t)];
  const { scoreSlope } = ruleAt(setting, t, 4);
  let [most, size] = [Number.NEGATIVE_INFINITY, 0];
  for (const slope of scoreSlope) {
    const value = f - 0.5 * g * g * slope;
    most = Math.max(most, value);
    size = Math.max(size, Math.abs(value));
  }
  return { most: Math.max(most, 0), size, unit: (2 * sigma * sigma) / (g * g) };
}
