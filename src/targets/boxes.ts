import { fillUniform } from "../../solvers/noise/normal.js";
import { BoxLaw } from "./box-law.js";
import { type BoxMixture, boxMoments } from "./box-mixture.js";
import { cumulativeWeights, findBound, findShare } from "./cumulative-weights.js";
import { asRows, dataLaw } from "./points.js";
import { resolveRequest, TargetSlot } from "./sample-request.js";
import { truncatedNormalFromUniform } from "./special/truncated-normal.js";
import type { PerturbedLaw, SampleRequest, Target } from "./types.js";

/** The target of a mixture of boxes whose parts are known to be sound; more than one box makes each a mode. */
export function boxTarget(name: string, options: Readonly<Record<string, unknown>>, boxes: BoxMixture): Target {
  const { dimension, count: boxCount } = boxes;
  const perturbed = (alpha: number, sigma: number, reuse?: PerturbedLaw): BoxLaw => {
    if (reuse instanceof BoxLaw && reuse.belongsTo(boxes)) {
      reuse.set(alpha, sigma);
      return reuse;
    }
    return new BoxLaw(boxes, alpha, sigma);
  };
  const cumulative = cumulativeWeights(boxes.weights);
  return {
    name,
    options,
    dimension,
    ...boxMoments(boxes),
    isGaussian: false,
    ...(boxCount > 1 ? { modes: { weights: boxes.weights, responsibilities: nearestBox(boxes) } } : {}),
    perturbed,
    sample: (request) => sampleBoxes(boxes, cumulative, request),
    posteriorNumbers: 1 + dimension,
    posteriorSample: (x, count, alpha, sigma, uniforms, out) =>
      samplePosterior(boxes, perturbed(alpha, sigma), x, count, uniforms, out),
    ...dataLaw(perturbed(1, 0), dimension),
  };
}

function sampleBoxes({ dimension, sides, sideOf }: BoxMixture, cumulative: Float64Array, request: SampleRequest) {
  const { count, firstSample, name } = resolveRequest(request);
  const choices = new Float64Array(count);
  const samples = new Float64Array(count * dimension);
  fillUniform({ ...name, slot: TargetSlot.COMPONENT }, firstSample, choices);
  fillUniform({ ...name, slot: TargetSlot.COORDINATES }, firstSample * dimension, samples);
  for (let i = 0; i < count; i++) {
    const k = findBound(cumulative, choices[i]!);
    for (let d = 0; d < dimension; d++) {
      const side = sideOf[k * dimension + d]!;
      const from = sides[d]!.from[side]!;
      const cell = i * dimension + d;
      samples[cell] = from + (sides[d]!.to[side]! - from) * samples[cell]!;
    }
  }
  return asRows(samples, dimension);
}

/** Exact draws of x₀ given x: a box by its posterior probability, then x₀ = (x − σ z)/α with z a truncated normal. */
function samplePosterior(
  { dimension, count: boxes, sides, sideOf }: BoxMixture,
  law: BoxLaw,
  x: Float64Array,
  count: number,
  uniforms: Float64Array,
  out: Float64Array,
): void {
  const { alpha, sigma } = law;
  const responsibilities = new Float64Array(boxes);
  for (let i = 0; i < count; i++) {
    law.responsibilities(x.subarray(i * dimension, (i + 1) * dimension), 1, responsibilities);
    const first = i * (1 + dimension);
    const k = findShare(responsibilities, uniforms[first]!);
    for (let d = 0; d < dimension; d++) {
      const side = sideOf[k * dimension + d]!;
      const from = sides[d]!.from[side]!;
      const to = sides[d]!.to[side]!;
      const xd = x[i * dimension + d]!;
      const u = uniforms[first + 1 + d]!;
      const cell = i * dimension + d;
      if (alpha === 0) out[cell] = from + (to - from) * u;
      else if (sigma === 0) out[cell] = xd / alpha;
      else {
        const [low, high] = law.interval(xd, d, side);
        const z = truncatedNormalFromUniform(low, high, u);
        out[cell] = Math.min(Math.max((xd - sigma * z) / alpha, from), to);
      }
    }
  }
}

/** One for the box that holds the point or is nearest to it, zero for the others. */
function nearestBox({
  dimension,
  count: boxes,
  sides,
  sideOf,
}: BoxMixture): NonNullable<Target["modes"]>["responsibilities"] {
  return (x, count, out) => {
    out.fill(0, 0, count * boxes);
    for (let i = 0; i < count; i++) {
      let nearest = 0;
      let least = Number.POSITIVE_INFINITY;
      for (let k = 0; k < boxes; k++) {
        let square = 0;
        for (let d = 0; d < dimension; d++) {
          const side = sideOf[k * dimension + d]!;
          const xd = x[i * dimension + d]!;
          const away = Math.max(sides[d]!.from[side]! - xd, xd - sides[d]!.to[side]!, 0);
          square += away * away;
        }
        if (square < least) {
          least = square;
          nearest = k;
        }
      }
      out[i * boxes + nearest] = 1;
    }
  };
}
