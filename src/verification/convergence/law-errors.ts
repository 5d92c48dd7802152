import { UsageError } from "../../../solvers/errors.js";
import { isGaussianTarget } from "../../targets/gaussian.js";
import { hasExactLaw } from "../exact-law.js";
import { gaussianLaw, gaussianTruth } from "../laws/gaussian-law.js";
import { outputLaw, truthDistances } from "../laws/output-law.js";
import {
  cosine,
  type ErrorOptions,
  type ErrorPair,
  type ErrorPoint,
  type ErrorSequence,
  endSize,
  roundingFloor,
} from "./error-sequence.js";

/** The mass that the quadrature of a law on the line may lose (see `lineLaw`), in W1 relative to the spread. */
const QUADRATURE = 1e-8;

/**
 * Errors of the exact law of a solver's output, started from the exact p_tMax, against p_tMin: no random number is drawn.
 *
 * Gaussian targets: W2 from moments, to rounding. On the line: W1 by quadrature, for in W2 a small mass that changes from one mode to
 * another outweighs the rest and lowers the observed order.
 *
 * @throws UsageError where no exact law exists
 */
export async function lawErrors(options: ErrorOptions): Promise<ErrorSequence> {
  const { target } = options;
  if (isGaussianTarget(target)) return gaussianErrors({ ...options, target });
  if (!hasExactLaw(target)) {
    throw new UsageError(
      `law order: exists for Gaussian targets and for one-dimensional targets with a quantile function, but '${target.name}' has dimension ${target.dimension} - measure the strong or the deterministic order`,
    );
  }
  return lineErrors(options);
}

type GaussianOptions = ErrorOptions & { readonly target: Parameters<typeof gaussianTruth>[0] };

async function gaussianErrors({ sde, target, solver, gridOf, steps, onRun }: GaussianOptions): Promise<ErrorSequence> {
  const truth = gaussianTruth(target, sde, "tMin");
  const size = endSize(target, sde);
  const points: ErrorPoint[] = [];
  const errors: Float64Array[] = [];
  for (const count of steps) {
    onRun?.(count);
    const law = await gaussianLaw({ sde, target, solver, grid: gridOf(count), start: "exact", denoise: false });
    const error = Float64Array.from([
      ...law.means.map((mean, i) => mean - truth.means[i]!),
      ...law.variances.map((variance, i) => Math.sqrt(variance) - Math.sqrt(truth.variances[i]!)),
    ]);
    errors.push(error);
    points.push({
      steps: count,
      error: Math.sqrt(error.reduce((sum, part) => sum + part * part, 0)),
      standardError: null,
      floor: roundingFloor(size, count),
    });
  }
  const pairs = errors
    .slice(1)
    .map((error, k): ErrorPair => ({ cosine: cosine(errors[k]!, error), standardError: null }));
  return { kind: "law", distance: "W2", against: "the exact law at tMin, from the exact law at tMax", points, pairs };
}

async function lineErrors({ sde, target, solver, gridOf, steps, onRun }: ErrorOptions): Promise<ErrorSequence> {
  const size = endSize(target, sde);
  const points: ErrorPoint[] = [];
  for (const count of steps) {
    onRun?.(count);
    const law = await outputLaw({ sde, target, solver, grid: gridOf(count), start: "exact", denoise: false });
    const { w1 } = truthDistances(law, target, sde, "tMin");
    const quadrature = solver.stochastic ? QUADRATURE * size : 0;
    points.push({ steps: count, error: w1, standardError: null, floor: quadrature + roundingFloor(size, count) });
  }
  const pairs = points.slice(1).map((): ErrorPair => ({ cosine: null, standardError: null }));
  return { kind: "law", distance: "W1", against: "the exact law at tMin, from the exact law at tMax", points, pairs };
}
