import type { Schedule } from "../../solvers/types.js";
import { quantileLaw } from "../metrics/quantile-law.js";
import { type GaussianTarget, isGaussianTarget } from "../targets/gaussian.js";
import type { Target } from "../targets/types.js";
import { gaussianTruth, intoBasis, rotated } from "./laws/gaussian-law.js";
import { perturbedAt } from "./laws/output-law.js";

/** Carries points (count × dimension, row-major) along the exact probability flow. */
export type Transport = (points: Float64Array) => Float64Array;

/**
 * The exact probability flow between two times: x ↦ Q_to(F_from(x)) in one dimension, the linear map that commutes with the
 * covariance for Gaussians; null where neither applies.
 *
 * In one dimension the flow is monotone and keeps marginals, hence is quantile transport (both tails to full precision).
 */
export function exactTransport(target: Target, sde: Schedule, from: number, to: number): Transport | null {
  if (isGaussianTarget(target)) return gaussianTransport(target, sde, from, to);
  if (target.dimension !== 1 || target.quantile === undefined) return null;
  const start = quantileLaw(perturbedAt(target, sde, from));
  const end = quantileLaw(perturbedAt(target, sde, to));
  return (points) =>
    points.map((x) => {
      const below = start.cdf(x);
      return below < 0.5 ? end.quantile(below) : end.quantile(start.survival(x), { upper: true });
    });
}

/** x_to − α_to μ = Σ_to^{1/2} Σ_from^{−1/2} (x_from − α_from μ): the covariances Σ_t share their eigenvectors. */
function gaussianTransport(target: GaussianTarget, sde: Schedule, from: number, to: number): Transport {
  const { dimension } = target;
  const [start, end] = [gaussianTruth(target, sde, from), gaussianTruth(target, sde, to)];
  const ratios = start.variances.map((v, i) => Math.sqrt(end.variances[i]! / v));
  return (points) => {
    const out = new Float64Array(points.length);
    for (let first = 0; first < points.length; first += dimension) {
      const coordinates = intoBasis(target, points.subarray(first, first + dimension));
      out.set(
        rotated(
          target,
          coordinates.map((c, i) => end.means[i]! + ratios[i]! * (c - start.means[i]!)),
        ),
        first,
      );
    }
    return out;
  };
}
