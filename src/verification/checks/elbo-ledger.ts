import { log } from "../../../solvers/math/elementary.js";
import { numberText } from "../../../solvers/number-text.js";
import { gaussianKl } from "../../metrics/gaussian-distances.js";
import type { Sde } from "../../sdes/types.js";
import { atLeast, atMost } from "../check.js";
import { evenTimes } from "../probe-times.js";
import type { Verification } from "./setting.js";

const STEPS = 12;
const ROUNDING = 2 ** -52;

/** The evidence bound of a DDPM chain on Gaussian data with the mean and variance of the target: every term, and the exact gap. */
export const elboLedger: Verification = {
  name: "elbo-ledger",
  statements: [5],
  needsLine: false,
  run({ sde, target }) {
    const terms = elboTerms(sde, { mean: target.mean[0]!, variance: target.covariance[0]!, steps: STEPS });
    const bound = terms.steps.reduce((sum, { value }) => sum + value, terms.last + terms.first);
    const gap = bound - terms.nll;
    return {
      checks: [
        atMost(Math.abs(gap - terms.gap), terms.rounding + ROUNDING * (Math.abs(terms.nll) + bound - terms.first), {
          name: "elbo",
          statement: 5,
          claim: `L_T + ΣL_{t−1} + L_0 − NLL = E KL(q(x_{1:T} | x₀) ‖ p_θ(x_{1:T} | x₀)): ${numberText(bound, 6)} − ${numberText(terms.nll, 6)} = ${numberText(terms.gap, 6)} nats`,
          reason: `rounding in the joint covariances, whose condition is ${numberText(terms.condition, 2)} at most; the gap comes from them, not from the terms`,
        }),
        atMost(noiseFormError(terms.steps), 1e-12, {
          name: "elbo-noise-form",
          statement: 5,
          claim: `L_{t−1} = β_t²/(2σ_t²α_t(1 − ᾱ_t)) E|ε − ε̂|²: the weights that L_simple leaves out vary ${numberText(fold(terms.steps), 3)}-fold (relative error)`,
          reason: "rounding",
        }),
        atLeast(gap, 0, {
          name: "elbo-bound",
          statement: 5,
          claim: "the bound lies above the negative log-likelihood (gap, nats)",
          reason: "it is a bound",
        }),
      ],
      ledgers: [
        {
          name: "elbo",
          title: "Evidence bound of a DDPM chain on Gaussian data, term by term",
          columns: ["term", "t", "nats", "weight of E|ε − ε̂|²"],
          rows: [
            ["L_T", sde.tMax, terms.last, ""],
            ...terms.steps.map(({ t, value, weight }, k) => [`L_${terms.steps.length - k}`, t, value, weight] as const),
            ["L_0", terms.firstTime, terms.first, ""],
            ["bound", "", bound, ""],
            ["NLL", "", terms.nll, ""],
            ["gap", "", terms.gap, ""],
          ],
          note: `First coordinate, Gaussian data of the target's mean and variance at tMin, ${STEPS} steps of equal log-SNR, posterior variances, exact means.`,
        },
      ],
    };
  },
};

interface InnerTerm {
  readonly value: number;
  readonly weight: number;
  readonly noiseError: number;
}

/** Largest relative difference between the terms and their noise form. */
function noiseFormError(steps: readonly InnerTerm[]): number {
  return steps.reduce(
    (most, { value, weight, noiseError }) => Math.max(most, Math.abs((weight * noiseError) / value - 1)),
    0,
  );
}

function fold(steps: readonly InnerTerm[]): number {
  const weights = steps.map(({ weight }) => weight);
  return Math.max(...weights) / Math.min(...weights);
}

/** β²/(2σ²α(1 − ᾱ)), the weight of E|ε − ε̂|² in a term of the evidence bound, for a reverse step of variance σ². */
export function noiseWeight({
  beta,
  alpha,
  total,
  spread,
}: {
  readonly beta: number;
  readonly alpha: number;
  /** 1 − ᾱ. */
  readonly total: number;
  readonly spread: number;
}): number {
  return (beta * beta) / (2 * spread * alpha * total);
}

/** The terms of the bound for data N(mean, variance) smoothed to tMin, in closed form. */
export function elboTerms(
  sde: Sde,
  { mean, variance, steps }: { readonly mean: number; readonly variance: number; readonly steps: number },
) {
  const times = evenTimes(sde, steps);
  const [alpha, sigma, prior] = [sde.alpha(sde.tMin), sde.sigma(sde.tMin), sde.priorStandardDeviation];
  const m0 = alpha * mean;
  const v0 = alpha * alpha * variance + sigma * sigma;
  const at = Array.from({ length: steps }, (_, k) => {
    const [step, whole] = [sde.transition(times[k]!, times[k + 1]!), sde.transition(sde.tMin, times[k + 1]!)];
    const [r, q, A, Q] = [step.scale, step.variance, whole.scale, whole.variance];
    const before = sde.transition(sde.tMin, times[k]!);
    const total = A * A * v0 + Q;
    const gain = (A * v0) / total;
    // p_θ(y_k | y_{k+1}) = N(slope y + intercept, spread): the posterior with the mean of y_0, transition variance at the end.
    const isFirst = k === 0;
    const fromData = isFirst ? 1 : (before.scale * q) / Q;
    const fromState = isFirst ? 0 : (r * before.variance) / Q;
    return {
      t: times[k + 1]!,
      r,
      q,
      slope: fromData * gain + fromState,
      intercept: fromData * (m0 - gain * A * m0),
      spread: isFirst ? q / (r * r) : (before.variance * q) / Q,
      mmse: (v0 * Q) / total,
      fromData,
      A,
      Q,
    };
  });
  const end = at[steps - 1]!;
  const last = 0.5 * ((end.Q + end.A * end.A * (v0 + m0 * m0)) / (prior * prior) - 1 - log(end.Q / (prior * prior)));
  const [start] = at;
  const first = 0.5 * log(2 * Math.PI * start!.spread) + start!.mmse / (2 * start!.spread);
  const inner = at
    .slice(1)
    .reverse()
    .map(({ t, fromData, mmse, spread, r, q, A, Q }) => ({
      t,
      value: (fromData * fromData * mmse) / (2 * spread),
      weight: noiseWeight({ beta: q, alpha: r * r, total: Q, spread }),
      noiseError: (A * A * mmse) / Q,
    }));
  const joint = jointMoments(at, { m0, v0, prior });
  const [model, data] = [joint.model, joint.data];
  const nll =
    0.5 * log(2 * Math.PI * model.covariance[0]!) +
    (v0 + (m0 - model.mean[0]!) * (m0 - model.mean[0]!)) / (2 * model.covariance[0]!);
  const gap =
    gaussianKl(data.mean, data.covariance, model.mean, model.covariance) -
    gaussianKl(
      data.mean.slice(0, 1),
      data.covariance.slice(0, 1),
      model.mean.slice(0, 1),
      model.covariance.slice(0, 1),
    );
  const condition = conditionOf(at, joint.model.covariance);
  // The eigenvalues 1 + e of one covariance over the other sum to at most size + 2 gap + …, and rounding disturbs each by its share.
  const rounding = ROUNDING * (at.length + 1 + 2 * Math.abs(gap)) * condition;
  return { last, steps: inner, first, firstTime: start!.t, nll, gap, condition, rounding };
}

/** Bound on the condition of the model's joint covariance C: C⁻¹ = (I − S)ᵀ diag(spread)⁻¹ (I − S) with the slopes in S. */
function conditionOf(at: readonly { slope: number; spread: number }[], covariance: Float64Array): number {
  const size = at.length + 1;
  let trace = 0;
  for (let k = 0; k < size; k++) trace += covariance[k * size + k]!;
  const [steepest, least] = [
    Math.max(...at.map(({ slope }) => Math.abs(slope))),
    Math.min(...at.map((one) => one.spread)),
  ];
  return (trace * (1 + steepest) * (1 + steepest)) / Math.min(least, covariance[size * size - 1]!);
}

/** Means and covariances of (y_0, …, y_N) under the forward chain and under the model. */
function jointMoments(
  at: readonly { r: number; q: number; slope: number; intercept: number; spread: number }[],
  { m0, v0, prior }: { m0: number; v0: number; prior: number },
) {
  const size = at.length + 1;
  const data = { mean: new Float64Array(size), covariance: new Float64Array(size * size) };
  data.mean[0] = m0;
  data.covariance[0] = v0;
  at.forEach(({ r, q }, k) => {
    data.mean[k + 1] = r * data.mean[k]!;
    for (let j = 0; j <= k; j++) {
      const value = r * data.covariance[k * size + j]!;
      data.covariance[(k + 1) * size + j] = value;
      data.covariance[j * size + k + 1] = value;
    }
    data.covariance[(k + 1) * size + k + 1] = r * r * data.covariance[k * size + k]! + q;
  });
  const model = { mean: new Float64Array(size), covariance: new Float64Array(size * size) };
  model.covariance[size * size - 1] = prior * prior;
  for (let k = size - 2; k >= 0; k--) {
    const { slope, intercept, spread } = at[k]!;
    model.mean[k] = slope * model.mean[k + 1]! + intercept;
    for (let j = size - 1; j > k; j--) {
      const value = slope * model.covariance[(k + 1) * size + j]!;
      model.covariance[k * size + j] = value;
      model.covariance[j * size + k] = value;
    }
    model.covariance[k * size + k] = slope * slope * model.covariance[(k + 1) * size + k + 1]! + spread;
  }
  return { data, model };
}
