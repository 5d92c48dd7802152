import { log } from "../math/elementary.js";
import type { Schedule } from "../types.js";

/** A step of a deterministic method that stops at a lower noise level ρ_down = σ/α, and the noise that raises it to that of u. */
export interface AncestralSplit {
  /** ρ at t. */
  readonly start: number;
  readonly down: number;
  /** Standard deviation of the noise of x/α: down² + up² = ρ_u². */
  readonly up: number;
  /** ρ halfway from t to the lower level in λ. */
  readonly middle: number;
  /** The time of `middle`. */
  readonly middleTime: number;
}

/** up = η ρ_u √(1 − ρ_u²/ρ_t²), so that η = 1 has the variance of the DDPM posterior (Karras et al. 2022 appendix C; k-diffusion). */
export function ancestralSplit(schedule: Schedule, t: number, u: number, eta: number): AncestralSplit {
  const start = schedule.sigma(t) / schedule.alpha(t);
  const end = schedule.sigma(u) / schedule.alpha(u);
  const ratio = end / start;
  const up = eta * end * Math.sqrt((1 - ratio) * (1 + ratio));
  const down = Math.sqrt((end - up) * (end + up));
  const middle = Math.sqrt(start * down);
  return { start, down, up, middle, middleTime: schedule.timeAtLogSnr(-log(middle)) };
}
