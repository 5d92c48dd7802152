import { UsageError } from "../../solvers/errors.js";
import { fillNormal, fillUniform } from "../../solvers/noise/normal.js";
import { cumulativeWeights, findBound, findShare } from "./cumulative-weights.js";
import type { MixtureComponents } from "./mixture-components.js";
import { MixtureLaw } from "./mixture-law.js";
import { mixtureRowScores } from "./mixture-row-scores.js";
import {
  type NumberRows,
  type Numbers,
  plainRows,
  readNumbers,
  readRows,
  requirePositive,
  type Unvalidated,
} from "./numbers.js";
import { asRows, dataLaw } from "./points.js";
import { resolveRequest, TargetSlot } from "./sample-request.js";
import { SpaceScores } from "./space-scores.js";
import { normalFromUniform } from "./special/normal.js";
import type { PerturbedLaw, SampleRequest, Target } from "./types.js";

/** Weights, means and standard deviations of the components. */
export interface MixtureOptions {
  /** One per component, > 0, summing to 1 within 1e-9. */
  readonly weights: Numbers;
  /** One row per component; numbers in one dimension. */
  readonly means: NumberRows;
  /** One number per component (isotropic) or one row of `dimension` numbers per component (diagonal), > 0. */
  readonly standardDeviations: NumberRows;
}

/**
 * Mixture of isotropic or diagonal Gaussians in any dimension.
 *
 * @throws UsageError for weights that do not sum to 1, lists of different lengths, or numbers out of range
 */
export function mixture(options: MixtureOptions): Target {
  return createMixture(options);
}

/** As `mixture`, from options of unknown type. */
export function createMixture(options: Unvalidated<MixtureOptions>): Target {
  const weights = readNumbers(options.weights, "mixture: weights");
  const means = readRows(options.means, "mixture: means");
  const spreads = readRows(options.standardDeviations, "mixture: standardDeviations");
  requirePositive(weights, "mixture: weights");
  requirePositive(spreads.data, "mixture: standardDeviations");
  const given = Array.from(weights);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (Math.abs(total - 1) > 1e-9) {
    throw new UsageError(`mixture: weights must sum to 1, but got ${total} - divide them by their sum.`);
  }
  for (const [name, { count }] of Object.entries({ means, standardDeviations: spreads })) {
    if (count !== weights.length) {
      throw new UsageError(
        `mixture: ${name} must have one entry per component, but got ${count} for ${weights.length} weights.`,
      );
    }
  }
  // What is left of the tolerance would otherwise be missing mass.
  for (let k = 0; k < weights.length; k++) weights[k] = weights[k]! / total;
  const dimension = means.columns;
  if (spreads.columns !== 1 && spreads.columns !== dimension) {
    throw new UsageError(
      `mixture: standardDeviations must be one number or ${dimension} numbers per component, but got ${spreads.columns}.`,
    );
  }
  const components: MixtureComponents = {
    dimension,
    count: weights.length,
    isotropic: spreads.columns === 1,
    weights,
    means: means.data,
    standardDeviations: spreads.data,
  };
  const plain = {
    weights: given,
    means: plainRows(means.data, dimension),
    standardDeviations: plainRows(spreads.data, spreads.columns),
  };
  return mixtureTarget({ name: "mixture", options: plain, components });
}

/** What makes a mixture a target with a name. */
export interface MixtureTargetParts {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly components: MixtureComponents;
  /** Mode of each component, 0, 1, …; components are modes themselves when absent, and there are no modes when null. */
  readonly groups?: Int32Array | null;
}

/** The target of a mixture whose parts are known to be sound. */
export function mixtureTarget({ name, options, components, groups }: MixtureTargetParts): Target {
  const { dimension } = components;
  const hasDensity = components.standardDeviations.every((s) => s > 0);
  const perturbed = (alpha: number, sigma: number, reuse?: PerturbedLaw): MixtureLaw => {
    if (reuse instanceof MixtureLaw && reuse.belongsTo(components)) {
      reuse.set(alpha, sigma);
      return reuse;
    }
    return new MixtureLaw(components, alpha, sigma);
  };
  const cumulative = cumulativeWeights(components.weights);
  const modes = hasDensity && groups !== null ? mixtureModes(components, perturbed(1, 0), groups) : undefined;
  const target: Target = {
    name,
    options,
    dimension,
    ...mixtureMoments(components),
    isGaussian: false,
    ...(modes === undefined ? {} : { modes }),
    perturbed,
    ...rowScores(components, hasDensity, perturbed),
    sample: (request) => sampleMixture(components, cumulative, request),
    posteriorNumbers: 1 + dimension,
    posteriorSample: (x, count, alpha, sigma, uniforms, out) =>
      samplePosterior(components, perturbed(alpha, sigma), x, count, uniforms, out),
  };
  if (!hasDensity) return target;
  return { ...target, ...dataLaw(perturbed(1, 0), dimension) };
}

function rowScores(
  components: MixtureComponents,
  hasDensity: boolean,
  perturbed: Target["perturbed"],
): Pick<Target, "scoreRows"> {
  const { dimension, isotropic, count } = components;
  if (isotropic && dimension > 2) {
    const scores = new SpaceScores(components);
    return { scoreRows: (...request) => scores.scoreRows(...request) };
  }
  if (!isotropic) return {};
  const scratch = new Float64Array(3 * count);
  return {
    scoreRows(x, alphas, sigmas, rows, out) {
      // Points alone have no density without noise.
      for (let i = 0; !hasDensity && i < rows; i++) if (!(sigmas[i]! > 0)) perturbed(alphas[i]!, sigmas[i]!);
      mixtureRowScores(components, x, alphas, sigmas, rows, out, scratch);
    },
  };
}

function sampleMixture(components: MixtureComponents, cumulative: Float64Array, request: SampleRequest) {
  const { count, firstSample, name } = resolveRequest(request);
  const { dimension, isotropic, means, standardDeviations } = components;
  const choices = new Float64Array(count);
  const samples = new Float64Array(count * dimension);
  fillUniform({ ...name, slot: TargetSlot.COMPONENT }, firstSample, choices);
  fillNormal({ ...name, slot: TargetSlot.COORDINATES }, firstSample * dimension, samples);
  for (let i = 0; i < count; i++) {
    const k = findBound(cumulative, choices[i]!);
    for (let d = 0; d < dimension; d++) {
      const spread = standardDeviations[isotropic ? k : k * dimension + d]!;
      samples[i * dimension + d] = means[k * dimension + d]! + spread * samples[i * dimension + d]!;
    }
  }
  return asRows(samples, dimension);
}

/** Exact draws of x₀ given x: a component by its responsibility, then the Gaussian conditional of that component. */
function samplePosterior(
  { dimension, count: components, isotropic, means, standardDeviations }: MixtureComponents,
  law: MixtureLaw,
  x: Float64Array,
  count: number,
  uniforms: Float64Array,
  out: Float64Array,
): void {
  const { alpha, sigma } = law;
  const responsibilities = new Float64Array(components);
  for (let i = 0; i < count; i++) {
    law.responsibilities(x.subarray(i * dimension, (i + 1) * dimension), 1, responsibilities);
    const first = i * (1 + dimension);
    const k = findShare(responsibilities, uniforms[first]!);
    for (let d = 0; d < dimension; d++) {
      const mean = means[k * dimension + d]!;
      const s = standardDeviations[isotropic ? k : k * dimension + d]!;
      const variance = alpha * alpha * s * s + sigma * sigma;
      const conditionalMean = mean + ((alpha * s * s) / variance) * (x[i * dimension + d]! - alpha * mean);
      const conditionalDeviation = (s * sigma) / Math.sqrt(variance);
      out[i * dimension + d] = conditionalMean + conditionalDeviation * normalFromUniform(uniforms[first + 1 + d]!);
    }
  }
}

function mixtureModes(
  { count: components, dimension, weights }: MixtureComponents,
  data: MixtureLaw,
  groups: Int32Array = Int32Array.from({ length: components }, (_, k) => k),
): NonNullable<Target["modes"]> {
  const modes = groups.reduce((most, group) => Math.max(most, group), 0) + 1;
  const modeWeights = new Float64Array(modes);
  for (const [k, group] of groups.entries()) modeWeights[group] = modeWeights[group]! + weights[k]!;
  const table = new Float64Array(components);
  return {
    weights: modeWeights,
    responsibilities: (x, count, out) => {
      out.fill(0, 0, count * modes);
      for (let i = 0; i < count; i++) {
        data.responsibilities(x.subarray(i * dimension, (i + 1) * dimension), 1, table);
        for (const [k, group] of groups.entries()) out[i * modes + group] = out[i * modes + group]! + table[k]!;
      }
    },
  };
}

/** Mean and covariance of a mixture: Σ w m, Σ w (diag(s²) + (m − mean)(m − mean)ᵀ). */
export function mixtureMoments({ dimension, count, isotropic, weights, means, standardDeviations }: MixtureComponents) {
  const mean: Float64Array = new Float64Array(dimension);
  const covariance: Float64Array = new Float64Array(dimension * dimension);
  for (let k = 0; k < count; k++) {
    for (let d = 0; d < dimension; d++) mean[d] = mean[d]! + weights[k]! * means[k * dimension + d]!;
  }
  for (let k = 0; k < count; k++) {
    for (let d = 0; d < dimension; d++) {
      const s = standardDeviations[isotropic ? k : k * dimension + d]!;
      covariance[d * dimension + d] = covariance[d * dimension + d]! + weights[k]! * s * s;
      const away = means[k * dimension + d]! - mean[d]!;
      for (let e = 0; e < dimension; e++) {
        const cell = d * dimension + e;
        covariance[cell] = covariance[cell]! + weights[k]! * away * (means[k * dimension + e]! - mean[e]!);
      }
    }
  }
  return { mean, covariance };
}
