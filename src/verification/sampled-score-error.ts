import { conversion } from "../../solvers/conversion.js";
import { gaussLegendre } from "../../solvers/math/gauss-legendre.js";
import { modelAnswer } from "../../solvers/model-answer.js";
import { fillNormal } from "../../solvers/noise/normal.js";
import type { Model } from "../../solvers/types.js";
import { type Estimate, estimate } from "../metrics/estimate.js";
import type { Sde } from "../sdes/types.js";
import { gaussian } from "../targets/gaussian.js";
import type { PerturbedLaw, Target } from "../targets/types.js";
import { perturbedAt } from "./laws/output-law.js";

/** Errors of a score in any dimension, by sampling x_t = α x₀ + σ ε. */
export interface SampledScoreError {
  /** ½ ∫ g² E|s_θ − ∇ log p_t|² dt, nats: a bound on the KL of the reverse SDE's law to p_tMin (Girsanov). */
  readonly kl: Estimate;
  /** The same for the score of the Gaussian with the mean and covariance of p_t. */
  readonly gaussianKl: Estimate;
  /** The first minus the second, on the same samples. */
  readonly difference: Estimate;
  /** Largest σ|s_θ − ∇ log p_t| per root of the dimension seen. */
  readonly largest: number;
}

/** Nodes in λ of the integral over time. */
const NODES = 24;

/** Measures a score on samples of p_t; the standard errors are over the samples. */
export async function sampledScoreError(
  { model, sde, target }: { readonly model: Model; readonly sde: Sde; readonly target: Target },
  { count, seed }: { readonly count: number; readonly seed: number },
): Promise<SampledScoreError> {
  const { dimension } = target;
  const data = target.sample({ count, seed }).data;
  const best = gaussian({
    mean: [...target.mean],
    covariance: Array.from({ length: dimension }, (_, i) => [
      ...target.covariance.subarray(i * dimension, (i + 1) * dimension),
    ]),
  });
  const size = count * dimension;
  const [x, noise, given] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  const [kl, gaussianKl] = [new Float64Array(count), new Float64Array(count)];
  const { nodes, weights } = gaussLegendre(NODES);
  const [low, high] = [sde.logSnr(sde.tMax), sde.logSnr(sde.tMin)];
  let largest = 0;
  for (let k = 0; k < NODES; k++) {
    const t = sde.timeAtLogSnr(low + (high - low) * 0.5 * (1 + nodes[k]!));
    const [alpha, sigma] = [sde.alpha(t), sde.sigma(t)];
    fillNormal({ seed, stream: "path", step: k }, 0, noise);
    for (let i = 0; i < size; i++) x[i] = alpha * data[i]! + sigma * noise[i]!;
    await fillScore(model, sde, t, x, given);
    const exact = scoreOf(perturbedAt(target, sde, t), x, count);
    const affine = scoreOf(perturbedAt(best, sde, t), x, count);
    const weight = 0.5 * (high - low) * weights[k]! * sigma * sigma;
    for (let row = 0; row < count; row++) {
      let [error, rival] = [0, 0];
      for (let i = row * dimension; i < (row + 1) * dimension; i++) {
        error += (given[i]! - exact[i]!) * (given[i]! - exact[i]!);
        rival += (affine[i]! - exact[i]!) * (affine[i]! - exact[i]!);
      }
      kl[row] = kl[row]! + weight * error;
      gaussianKl[row] = gaussianKl[row]! + weight * rival;
      largest = Math.max(largest, sigma * Math.sqrt(error / dimension));
    }
  }
  return {
    kl: estimate(kl),
    gaussianKl: estimate(gaussianKl),
    difference: estimate(kl.map((value, row) => value - gaussianKl[row]!)),
    largest,
  };
}

async function fillScore(model: Model, sde: Sde, t: number, x: Float64Array, out: Float64Array): Promise<void> {
  const count = x.length / model.dimension;
  const times = new Float64Array(count).fill(t);
  const answer = modelAnswer(await model.evaluate({ x, times, count }, out), out);
  const map = conversion(model.predicts, "score", sde, t);
  for (let i = 0; i < out.length; i++) out[i] = map.state * x[i]! + map.prediction * answer[i]!;
}

function scoreOf(law: PerturbedLaw, x: Float64Array, count: number): Float64Array {
  const out = new Float64Array(x.length);
  law.score(x, count, out);
  return out;
}
