import { UsageError } from "../../solvers/errors.js";
import { numberText } from "../../solvers/number-text.js";
import type { ParsedFormula } from "./formula-parser.js";
import type { Sde } from "./types.js";

export interface NonlinearParts {
  readonly drift: ParsedFormula;
  readonly diffusion: ParsedFormula;
  readonly options: Readonly<Record<string, unknown>>;
  readonly tMin: number;
  readonly tMax: number;
  /** Times at which the formulas are examined. */
  readonly nodes: Float64Array;
}

/**
 * An SDE whose drift is not proportional to x: f(x, t) and g(t) alone, numbers of x taken one by one.
 *
 * α, σ, λ and the transition do not exist and throw a `UsageError`; the standard deviation of the prior is NaN.
 *
 * @throws UsageError where the drift at x = −1 or x = 1 is not finite.
 */
export function nonlinearSde({ drift, diffusion, options, tMin, tMax, nodes }: NonlinearParts): Sde {
  for (const t of nodes) {
    for (const x of [-1, 1]) {
      const value = drift.evaluate(t, x);
      if (Number.isFinite(value)) continue;
      throw new UsageError(
        `custom: the drift must be finite on [tMin, tMax], but got ${numberText(value)} at t = ${numberText(t)}, x = ${numberText(x)} - correct the formula.`,
      );
    }
  }
  const missing = (what: string) => (): never => {
    throw new UsageError(
      `custom: ${what} needs a drift of the form c(t)·x, but got '${drift.text}' - such an SDE has no α and σ; solve its Fokker–Planck equation, and take scores from that.`,
    );
  };
  const check = (t: number) => {
    // Sums of steps may end a rounding error beyond.
    if (t >= 0 && t <= tMax * (1 + 4 * Number.EPSILON)) return;
    throw new UsageError(
      `custom: t must be in [0, ${numberText(tMax)}], but got ${numberText(t)} - the SDE was given for that range.`,
    );
  };
  return {
    name: "custom",
    options: Object.freeze({ ...options }),
    linear: false,
    tMin,
    tMax,
    variancePreserving: false,
    priorStandardDeviation: Number.NaN,
    prior: Object.freeze({ mean: 0, standardDeviation: Number.NaN }),
    breakpoints: [],
    alpha: missing("alpha"),
    sigma: missing("sigma"),
    logSnr: missing("logSnr"),
    timeAtLogSnr: missing("timeAtLogSnr"),
    driftCoefficient: missing("driftCoefficient"),
    transition: missing("transition"),
    diffusion(t) {
      check(t);
      return diffusion.evaluate(t, 0);
    },
    drift(x, t, out = new Float64Array(x.length)) {
      check(t);
      if (out.length !== x.length) {
        throw new UsageError(
          `custom: out must be as long as x (${x.length}), but got ${out.length} - leave it out to have it made.`,
        );
      }
      for (let i = 0; i < x.length; i++) out[i] = drift.evaluate(t, x[i]!);
      return out;
    },
  };
}
