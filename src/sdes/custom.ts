import { UsageError } from "../../solvers/errors.js";
import { exp, log } from "../../solvers/math/elementary.js";
import { integrate } from "../../solvers/math/quadrature.js";
import { checkTimes } from "./check-times.js";
import { refusal, requireDiffusion, requireFinite } from "./custom-checks.js";
import { type CustomKernel, kernelOfEquation, kernelOfPath } from "./custom-kernel.js";
import { nonlinearSde } from "./custom-nonlinear.js";
import { constantsOf, textsOf } from "./custom-options.js";
import { loadFormulaParser } from "./formula-parser.js";
import { isProportionalTo, uses } from "./formula-term.js";
import { linearSde } from "./linear-sde.js";
import { timeAtLogSnr } from "./log-snr-inverse.js";
import type { Sde } from "./types.js";
import { requireNonNegative, requireNumber, requireOrdered, requirePositive } from "./validate.js";

/** Time range, constants of the formulas, and the prior. */
export interface CustomRange {
  /** Time at which sampling ends. */
  readonly tMin?: number;
  /** Time at which sampling starts. */
  readonly tMax?: number;
  /** Named numbers that the formulas use. */
  readonly constants?: Readonly<Record<string, number>>;
  /** Standard deviation of the prior; when left out 1 if |α² + σ² − 1| < 1e-6 at tMax, otherwise σ(tMax). */
  readonly priorStandardDeviation?: number;
}

/** α and σ as formulas in t. */
export interface CustomPath extends CustomRange {
  readonly alpha: string;
  readonly sigma: string;
}

/** Drift as a formula in x and t, diffusion as one in t; the process starts at t = 0. */
export interface CustomEquation extends CustomRange {
  readonly drift: string;
  readonly diffusion: string;
}

/** A process by α and σ, or by drift and diffusion. */
export type CustomOptions = CustomPath | CustomEquation;

export const CUSTOM_DEFAULTS = { tMin: 1e-3, tMax: 1 } as const;

/**
 * An SDE by formula: `{ alpha, sigma }` in t, or `{ drift, diffusion }` in x, t, with + − * / ^, π, e, `constants` and elementary functions.
 *
 * From α and σ: f = α̇/α and g² = 2σσ̇ − 2fσ² with symbolic derivatives, defined on [tMin, tMax]. From a drift c(t)·x: α and σ by
 * quadrature from t = 0 (relative error below 1e-13), defined on [0, tMax]. Any other drift gives an SDE with `linear: false`.
 *
 * @throws UsageError for formulas that cannot be read, and where α ≤ 0, σ ≤ 0, g² < 0, λ does not decrease or a value is not finite: with the t.
 */
export function customSde(options: CustomOptions): Promise<Sde> {
  return customSdeFrom({ ...options });
}

/** `customSde` for options of unknown types, as a command line or a file gives them. */
export async function customSdeFrom(given: Readonly<Record<string, unknown>>): Promise<Sde> {
  const tMin = requireNumber("custom", "tMin", given.tMin ?? CUSTOM_DEFAULTS.tMin);
  const tMax = requireNumber("custom", "tMax", given.tMax ?? CUSTOM_DEFAULTS.tMax);
  requireNonNegative("custom", { tMin }, "the usual value is 1e-3");
  requirePositive("custom", { tMax }, "the usual value is 1");
  requireOrdered("custom", ["tMin", tMin], ["tMax", tMax]);
  let prior: number | undefined;
  if (given.priorStandardDeviation !== undefined) {
    prior = requireNumber("custom", "priorStandardDeviation", given.priorStandardDeviation);
    requirePositive("custom", { priorStandardDeviation: prior }, "leave it out to have it chosen");
  }
  const constants = constantsOf(given.constants ?? {});
  const formulas = textsOf(given);
  const parser = await loadFormulaParser("custom", constants);
  const options = {
    ...formulas,
    tMin,
    tMax,
    ...(Object.keys(constants).length > 0 ? { constants } : {}),
    ...(prior === undefined ? {} : { priorStandardDeviation: prior }),
  };
  const nodes = checkTimes(tMin, tMax);
  if ("alpha" in formulas) {
    const alpha = parser.parse("alpha", formulas.alpha, ["t"]);
    const sigma = parser.parse("sigma", formulas.sigma, ["t"]);
    return assemble(kernelOfPath(alpha, sigma, tMin), options, nodes, prior);
  }
  const drift = parser.parse("drift", formulas.drift, ["t", "x"]);
  const diffusion = parser.parse("diffusion", formulas.diffusion, ["t"]);
  requireDiffusion(diffusion, nodes);
  const isNoiseless = Array.from(nodes).every((t) => diffusion.evaluate(t, 0) === 0);
  const isZero = !uses(drift.term, "x") && Array.from(nodes).every((t) => drift.evaluate(t, 0) === 0);
  if (!isZero && !isProportionalTo(drift.term, "x")) {
    return nonlinearSde({ drift, diffusion, options, tMin, tMax, nodes });
  }
  if (isNoiseless) {
    throw new UsageError(
      "custom: the diffusion must not vanish on the whole range, but got 0 - a process without noise has no score; give it a diffusion such as 1.",
    );
  }
  if (tMin === 0) {
    throw new UsageError("custom: tMin must be above 0 because σ(0) = 0, but got 0 - take a small one such as 1e-3.");
  }
  return assemble(kernelOfEquation(drift, diffusion, tMin, tMax, nodes), options, nodes, prior);
}

/** Checks α, σ, f, g² and λ at all nodes and builds the SDE. */
function assemble(
  kernel: CustomKernel,
  options: Readonly<Record<string, unknown>>,
  nodes: Float64Array,
  prior: number | undefined,
): Sde {
  const tMin = nodes[0]!;
  const tMax = nodes[nodes.length - 1]!;
  const { alpha, sigma, driftCoefficient, squaredDiffusion, logScale } = kernel;
  const logSnr = (t: number) => log(alpha(t) / sigma(t));
  const lambdas = nodes.map(logSnr);
  let variancePreserving = true;
  for (let i = 0; i < nodes.length; i++) {
    const t = nodes[i]!;
    const a = alpha(t);
    const s = sigma(t);
    requireFinite(a, "α", t);
    requireFinite(s, "σ", t);
    if (a <= 0) throw refusal("α must be positive", "α", a, t);
    if (s <= 0) throw refusal("σ must be positive", "σ", s, t);
    requireFinite(lambdas[i]!, "λ", t);
    requireFinite(driftCoefficient(t), "f", t);
    const square = squaredDiffusion(t);
    requireFinite(square, "g²", t);
    if (square < 0) throw refusal("g² = 2σσ̇ − 2(α̇/α)σ² must not be negative", "g²", square, t);
    if (i > 0 && !(lambdas[i]! < lambdas[i - 1]!)) {
      throw refusal(`λ = ln(α/σ) must decrease from λ(${nodes[i - 1]!}) = ${lambdas[i - 1]!}`, "λ", lambdas[i]!, t);
    }
    variancePreserving &&= Math.abs(a * a + s * s - 1) < 1e-12;
  }
  const end = alpha(tMax) * alpha(tMax) + sigma(tMax) * sigma(tMax);
  const slope = (t: number) => -squaredDiffusion(t) / (2 * sigma(t) * sigma(t));
  return linearSde({
    name: "custom",
    options,
    tMin,
    tMax,
    variancePreserving,
    priorStandardDeviation: prior ?? (Math.abs(end - 1) < 1e-6 ? 1 : sigma(tMax)),
    domain: { from: kernel.from, before: tMax, closed: true },
    alpha,
    sigma,
    logSnr,
    timeAtLogSnr: (lambda) => timeAtLogSnr(lambda, nodes, lambdas, logSnr, slope),
    driftCoefficient,
    diffusion: (t) => Math.sqrt(squaredDiffusion(t)),
    transition: (from, to) => ({
      scale: exp(logScale(from, to)),
      // A positive integrand: no cancellation, however close the times.
      variance: integrate((u) => squaredDiffusion(u) * exp(2 * logScale(u, to)), from, to),
    }),
  });
}
