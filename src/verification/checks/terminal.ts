import { exp, log } from "../../../solvers/math/elementary.js";
import { fillNormal } from "../../../solvers/noise/normal.js";
import { numberText } from "../../../solvers/number-text.js";
import { quantileLaw } from "../../metrics/quantile-law.js";
import { wasserstein2 } from "../../metrics/wasserstein.js";
import { gaussian } from "../../targets/gaussian.js";
import { atMost, skipped } from "../check.js";
import { perturbedAt } from "../laws/output-law.js";
import { expectation } from "../line-rule.js";
import { ruleAt, type Setting, type Verification } from "./setting.js";

/** Where the forward process ends, and the chain whose limit the SDE is. */
export const terminal: Verification = {
  name: "terminal",
  statements: [1],
  needsLine: false,
  run(setting) {
    return { checks: [prior(setting), chain(setting)] };
  },
};

function prior(setting: Setting) {
  const { sde, target } = setting;
  const { priorStandardDeviation: deviation, tMax } = sde;
  const isLine = target.dimension === 1 && target.quantile !== undefined;
  const distance = isLine ? lineDistance(setting) : couplingDistance(setting);
  return atMost(distance / (deviation * Math.sqrt(target.dimension)), floorOf(setting), {
    name: "prior",
    statement: 1,
    claim: `the process ends at its prior: W2(p_tMax, prior) over the prior's deviation${isLine ? "" : " (bound)"}; α(tMax) = ${numberText(sde.alpha(tMax), 3)}`,
    reason: `what ${setting.samples} samples of the prior differ from it by chance, per coordinate: no smaller error of the start can be seen in them`,
  });
}

/** W2 of as many standard normals as are sampled to their law. */
function floorOf({ samples, seed }: Setting): number {
  const normals = new Float64Array(samples);
  fillNormal({ seed, stream: "floor" }, 0, normals);
  const law = gaussian({ mean: 0, standardDeviation: 1 }).perturbed(1, 0);
  return wasserstein2(normals, { cdf: (x) => law.cdf!(x), quantile: (u) => law.quantile!(u) });
}

/** W2(p_tMax, prior) on the line. */
export function lineDistance(setting: Pick<Setting, "sde" | "target">): number {
  const { sde, target } = setting;
  const start = quantileLaw(gaussian({ mean: 0, standardDeviation: sde.priorStandardDeviation }).perturbed(1, 0));
  const end = quantileLaw(perturbedAt(target, sde, sde.tMax));
  const rule = ruleAt(setting, sde.tMax);
  const square = expectation(rule, (x) => {
    const below = end.cdf(x);
    const there = below < 0.5 ? start.quantile(below) : start.quantile(end.survival(x), { upper: true });
    return (x - there) * (x - there);
  });
  return Math.sqrt(square);
}

function couplingDistance({ sde, target }: Setting): number {
  const { dimension, mean, covariance } = target;
  let square = 0;
  for (let i = 0; i < dimension; i++) square += mean[i]! * mean[i]! + covariance[i * dimension + i]!;
  const alpha = sde.alpha(sde.tMax);
  const rest = sde.sigma(sde.tMax) - sde.priorStandardDeviation;
  return Math.sqrt(alpha * alpha * square + dimension * rest * rest);
}

const STEPS = 2000;

function chain({ sde }: Setting) {
  const text = {
    name: "chain-limit",
    statement: 1,
    claim: "the chain of β_i = β(t_i)/N tends to the SDE at O(1/N) (largest error of √ᾱ, extrapolated)",
  };
  if (!sde.variancePreserving) return skipped({ ...text, reason: "for variance-preserving SDEs" });
  if (sde.breakpoints.length > 0) {
    return skipped({ ...text, reason: "β is a table: the SDE goes through its chain exactly" });
  }
  const run = (steps: number) => {
    const h = (sde.tMax - sde.tMin) / steps;
    let half = log(sde.alpha(sde.tMin));
    return Array.from({ length: steps }, (_, i) => {
      half += 0.5 * log(1 + 2 * h * sde.driftCoefficient(sde.tMin + (i + 1) * h));
      return half;
    });
  };
  const [coarse, fine] = [run(STEPS), run(2 * STEPS)];
  if (coarse.some(Number.isNaN)) return skipped({ ...text, reason: "β is too large for a chain of this length" });
  let [error, change] = [0, 0];
  for (let i = 0; i < STEPS; i++) {
    const t = sde.tMin + ((i + 1) * (sde.tMax - sde.tMin)) / STEPS;
    const exact = sde.alpha(t);
    const [a, b] = [coarse[i]!, fine[2 * i + 1]!].map((value) => exp(value));
    error = Math.max(error, Math.abs(2 * b! - a! - exact));
    change = Math.max(change, Math.abs(b! - a!));
  }
  return atMost(error, 0.25 * change, {
    ...text,
    reason: `a quarter of what doubling N = ${STEPS} changes: order 1`,
  });
}

/** Σβ of β_t = 1/t² stays finite: ᾱ of that chain after `steps` steps, which tends to ½. */
export function stalledChain(steps: number): number {
  let product = 1;
  for (let t = 2; t <= steps + 1; t++) product *= 1 - 1 / (t * t);
  return product;
}
