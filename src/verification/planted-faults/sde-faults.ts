import type { Sde } from "../../sdes/types.js";
import { scheduleRates } from "../checks/schedule-rates.js";
import type { Setting } from "../checks/setting.js";
import { terminal } from "../checks/terminal.js";
import type { Fault, FaultGroup } from "./fault-group.js";

const hasDrift = ({ sde }: Setting) => sde.driftCoefficient(0.5 * (sde.tMin + sde.tMax)) !== 0;

/** Faults of f, g, α, σ, λ, transitions and prior. */
export const sdeFaults: FaultGroup = {
  place: "SDE",
  verifications: [scheduleRates, terminal],
  sound: (setting) => setting,
  faults: [
    { ...inSde("drift-sign", "drift of the wrong sign", scaledDrift(-1)), exists: hasDrift },
    { ...inSde("drift-strength", "drift 0.01% too strong", scaledDrift(1.0001)), exists: hasDrift },
    inSde("diffusion-for-g", "D = ½g² in place of g", (sde) => ({
      diffusion: (t) => 0.5 * sde.diffusion(t) * sde.diffusion(t),
    })),
    inSde("g-size", "g 0.01% too large", (sde) => ({ diffusion: (t) => 1.0001 * sde.diffusion(t) })),
    inSde("sigma-size", "σ 1e-6 too large", (sde) => ({ sigma: (t) => (1 + 1e-6) * sde.sigma(t) })),
    inSde("alpha-growth", "α too large by a share that grows to 0.1% at tMax", (sde) => ({
      alpha: (t) => (1 + (1e-3 * t) / sde.tMax) * sde.alpha(t),
    })),
    inSde("lambda-base", "λ to base 2", (sde) => ({ logSnr: (t) => sde.logSnr(t) / Math.LN2 })),
    inSde("inverse-lambda", "inverse of λ off by 1e-6 of the range", (sde) => ({
      timeAtLogSnr: (lambda) => sde.timeAtLogSnr(lambda) + 1e-6 * sde.tMax,
    })),
    inSde("transition-variance", "variance of transitions 1e-6 too large", (sde) => ({
      transition(from, to) {
        const { scale, variance } = sde.transition(from, to);
        return { scale, variance: (1 + 1e-6) * variance };
      },
    })),
    inSde("prior-width", "prior 10% too wide", (sde) => ({
      priorStandardDeviation: 1.1 * sde.priorStandardDeviation,
    })),
  ],
};

function inSde(name: string, mistake: string, change: (sde: Sde) => Partial<Sde>): Fault {
  return { name, mistake, plant: (setting) => ({ ...setting, sde: { ...setting.sde, ...change(setting.sde) } }) };
}

function scaledDrift(factor: number): (sde: Sde) => Partial<Sde> {
  return (sde) => ({
    driftCoefficient: (t) => factor * sde.driftCoefficient(t),
    drift: (x, t, out) => sde.drift(x, t, out).map((value) => factor * value),
  });
}
