import { log } from "../../../solvers/math/elementary.js";
import { integerPower } from "../../../solvers/math/integer-power.js";
import { atMost } from "../check.js";
import { ClosestCall } from "../closest-call.js";
import { evenTimes, probeTimes } from "../probe-times.js";
import type { Setting, Verification } from "./setting.js";

/** α and σ against f and g, transitions against both, and the inverse of λ. */
export const scheduleRates: Verification = {
  name: "schedule",
  statements: [10],
  needsLine: false,
  run(setting) {
    return { checks: [drift(setting), noise(setting), transitions(setting), inverse(setting)] };
  },
};

/** The largest misfit between a value's derivative (differences of order 4) and its formula, with its bound. */
function misfit(
  { sde }: Setting,
  value: (t: number) => number,
  rate: (t: number) => number,
  unit: (t: number) => number,
): ClosestCall {
  const call = new ClosestCall();
  for (const { t, step } of probeTimes(sde, 25)) {
    const slope = (h: number) => (value(t - 2 * h) - 8 * value(t - h) + 8 * value(t + h) - value(t + 2 * h)) / (12 * h);
    const [fine, coarse] = [slope(step), slope(2 * step)];
    const error = Math.abs(fine - rate(t)) / unit(t);
    const rounding = (4e-15 * Math.max(Math.abs(value(t)), 1e-3)) / step;
    const allowed = ((2 / 15) * Math.abs(coarse - fine) + rounding) / unit(t) + 1e-11;
    call.add(error, allowed);
  }
  return call;
}

const REASON = "twice the error of the differences in t, from halving their step, and rounding";

function drift(setting: Setting) {
  const { sde } = setting;
  const rate = (t: number) => sde.drift(Float64Array.of(1), t)[0]!;
  const unit = (t: number) => Math.abs(rate(t)) + integerPower(sde.diffusion(t) / sde.sigma(t), 2);
  const { figure, tolerance } = misfit(setting, (t) => log(sde.alpha(t)), rate, unit);
  return atMost(figure, tolerance, {
    name: "drift",
    statement: 10,
    claim: "f = α̇/α (over |f| + g²/σ²)",
    reason: REASON,
  });
}

function noise(setting: Setting) {
  const { sde } = setting;
  const square = (t: number) => sde.diffusion(t) * sde.diffusion(t);
  const { figure, tolerance } = misfit(
    setting,
    (t) => -2 * sde.logSnr(t),
    // d ln(σ²/α²)/dt = g²/σ².
    (t) => square(t) / (sde.sigma(t) * sde.sigma(t)),
    (t) => square(t) / (sde.sigma(t) * sde.sigma(t)),
  );
  return atMost(figure, tolerance, {
    name: "diffusion",
    statement: 10,
    claim: "g² = d(σ²)/dt − 2(α̇/α)σ² (relative)",
    reason: REASON,
  });
}

function transitions({ sde }: Setting) {
  const times = evenTimes(sde, 12);
  let worst = 0;
  for (let i = 0; i < times.length; i++) {
    for (let j = i; j < times.length; j++) {
      const [s, t] = [times[i]!, times[j]!];
      const { scale, variance } = sde.transition(s, t);
      const rest = scale * scale * sde.sigma(s) * sde.sigma(s) + variance;
      const all = sde.sigma(t) * sde.sigma(t);
      worst = Math.max(worst, Math.abs((scale * sde.alpha(s)) / sde.alpha(t) - 1), Math.abs(rest / all - 1));
    }
    const lambda = log(sde.alpha(times[i]!) / sde.sigma(times[i]!));
    worst = Math.max(worst, Math.abs(sde.logSnr(times[i]!) - lambda) / Math.max(1, Math.abs(lambda)));
  }
  return atMost(worst, 1e-10, {
    name: "transition",
    statement: 10,
    claim: "transitions compose: α_t = rα_s, σ_t² = r²σ_s² + v, λ = ln(α/σ) (relative)",
    reason: "rounding, magnified where σ comes of differences",
  });
}

function inverse({ sde }: Setting) {
  let worst = 0;
  for (const { t } of probeTimes(sde, 12)) worst = Math.max(worst, Math.abs(sde.timeAtLogSnr(sde.logSnr(t)) / t - 1));
  return atMost(worst, 1e-9, {
    name: "time-at-log-snr",
    statement: 10,
    claim: "timeAtLogSnr inverts λ(t) (relative in t)",
    reason: "rounding of λ over its slope",
  });
}
