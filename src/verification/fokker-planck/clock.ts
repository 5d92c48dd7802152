import { UsageError } from "../../../solvers/errors.js";
import { log, log1p } from "../../../solvers/math/elementary.js";
import { integrate } from "../../../solvers/math/quadrature.js";
import type { Sde } from "../../sdes/types.js";
import { diffusivity, type Field, forwardField, forwardFieldInTau } from "./field.js";

/** The variable in which a solution is stepped: t itself, or τ = ∫_from^t D, in which a separable equation does not depend on time. */
export interface Clock {
  readonly name: "t" | "tau";
  readonly field: Field;
  /** The clock's reading at time t ≥ from, `from` reading `start`. */
  reading(t: number): number;
}

/** How the clock is chosen: τ for linear SDEs of constant f/g² (VP, VE, EDM), else t. */
export type ClockName = "auto" | "t" | "tau";

/**
 * The clock of the forward equation of `sde` on [from, to].
 *
 * @throws UsageError when τ is asked for and drift/g² depends on t.
 */
export function forwardClock(sde: Sde, from: number, to: number, choice: ClockName): Clock {
  if (choice !== "t" && (choice === "tau" || sde.linear)) {
    const at = from + 0.5 * (to - from);
    if (isSeparable(sde, from, to, at))
      return { name: "tau", field: forwardFieldInTau(sde, at), reading: tau(sde, from, to, at) };
    if (choice === "tau") {
      throw new UsageError(
        `clock: drift/g² must not depend on t to step in τ = ½∫g² (the exponential scheme needs it), but for '${sde.name}' it does - use scheme 'tr-bdf2' with clock 't'`,
      );
    }
  }
  return { name: "t", field: forwardField(sde), reading: (t) => t };
}

/** Whether drift/D agrees at 65 times with its value at time `at`, to 1e-10 relative, on nine points. */
function isSeparable(sde: Sde, from: number, to: number, at: number): boolean {
  const x = Float64Array.of(-3.1, -2, -1.3, -0.7, 0.2, 0.9, 1.7, 2.3, 3);
  const wanted = sde.drift(x, at, new Float64Array(x.length));
  const here = new Float64Array(x.length);
  const d = diffusivity(sde, at);
  const size = wanted.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / d;
  for (let k = 0; k <= 64; k++) {
    const t = from + ((to - from) * k) / 64;
    const dt = diffusivity(sde, t);
    // At a single instant without noise (EDM at t = 0) the ratio is not defined.
    if (dt === 0 && k === 0) continue;
    sde.drift(x, t, here);
    for (let i = 0; i < x.length; i++) {
      if (!(Math.abs(here[i]! / dt - wanted[i]! / d) <= 1e-10 * size)) return false;
    }
  }
  return true;
}

function tau(sde: Sde, from: number, to: number, at: number): (t: number) => number {
  if (!sde.linear) {
    return (t) =>
      integrate((u) => diffusivity(sde, u), from, t, { breakpoints: sde.breakpoints, relativeTolerance: 1e-13 });
  }
  const ratio = sde.driftCoefficient(at) / diffusivity(sde, at);
  // scale = e^{cτ} and variance = (e^{2cτ} − 1)/c; whichever does not cancel.
  return (t) => {
    const { scale, variance } = sde.transition(from, Math.min(t, to));
    if (ratio === 0) return 0.5 * variance;
    return Math.abs(scale - 1) > 0.3 ? log(scale) / ratio : log1p(ratio * variance) / (2 * ratio);
  };
}
