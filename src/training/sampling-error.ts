import { estimate, metricSuite, slicedWasserstein, wasserstein2 } from "../metrics/index.js";
import { sample } from "../sampling/sample.js";
import type { Target } from "../targets/types.js";
import type { DataSource } from "./data-source.js";
import { type LearningNetwork, learningModel } from "./learning-model.js";
import { compareDistances, type Memorisation, nearestDistances } from "./memorisation.js";
import type { Probe } from "./score-error.js";

/** Distance of samples of the probability flow from the data, in the units of the model. */
export interface SamplingError {
  readonly metric: "w2" | "slicedW2";
  /** null where a sample was not finite. */
  readonly value: number | null;
  /** The same distance of as many exact samples, or rows of training data. */
  readonly floor: number;
  /** Samples drawn. */
  readonly samples: number;
}

/** What samples of a learning network say. */
export interface SamplingReport {
  readonly error: SamplingError;
  /** null for targets, whose samples never come twice. */
  readonly memorisation: Memorisation | null;
  /** The samples, row-major. */
  readonly points: Float64Array;
}

export interface SamplingProbeOptions extends LearningNetwork {
  readonly target: Target | null;
  readonly source: DataSource;
  readonly seed: number;
}

/** Rows with more numbers than this are costly to draw. */
const SHORT_ROW = 16;
const COUNTS = { short: 1024, long: 128 };
const SOLVER = { solver: "dpm++2m", grid: "log-snr", steps: 30 };
/** Held-out rows at most, repeats of the floor, and products of distances at most. */
const MOST_HELD = 4096;
const FLOORS = 5;
const MOST_PRODUCTS = 2 ** 29;

/**
 * Draws the same samples each time it is asked, and measures W2 (sliced above one dimension) against the target or held-out
 * data; null when there is nothing to hold them against.
 */
export async function samplingProbe(options: SamplingProbeOptions): Promise<Probe<SamplingReport | null> | null> {
  const { source, target, sde, seed } = options;
  const { dimension } = source;
  if (target === null && source.validationCount < 2) return null;
  const wanted = dimension <= SHORT_ROW ? COUNTS.short : COUNTS.long;
  const count = target === null ? Math.min(wanted, source.trainingCount) : wanted;
  const distance = target === null ? againstHeldOut(source, count) : await againstTarget(target, count, seed);
  const copies = target === null ? copyDetector(source, count) : () => null;
  const learning = await learningModel(options, { chunk: Math.min(count, 512) });
  return {
    async measure(parameters, signal) {
      const model = learning.at(parameters);
      const drawn = await sample({
        sde,
        model,
        ...SOLVER,
        samples: count,
        seed,
        ...(signal === undefined ? {} : { signal }),
      });
      if (drawn.status === "aborted") return null;
      const points = drawn.samples.data;
      const areFinite = points.every((value) => Number.isFinite(value));
      return {
        error: {
          metric: dimension === 1 ? "w2" : "slicedW2",
          value: areFinite ? distance.of(points) : null,
          floor: distance.floor,
          samples: count,
        },
        memorisation: areFinite ? copies(points) : null,
        points,
      };
    },
    dispose: () => learning.dispose(),
  };
}

interface Distance {
  of(points: Float64Array): number;
  readonly floor: number;
}

async function againstTarget(target: Target, count: number, seed: number): Promise<Distance> {
  const name = target.dimension === 1 ? "w2" : "slicedW2";
  const suite = await metricSuite(target, { count, names: [name], seed, repeats: FLOORS });
  return { of: (points) => suite.measure(points)[name]!, floor: suite.floor[name]!.value };
}

function againstHeldOut(source: DataSource, count: number): Distance {
  const { dimension } = source;
  const held = heldOutRows(source, MOST_HELD);
  const sliced = dimension === 1 ? null : slicedWasserstein(held, dimension);
  const of = (points: Float64Array) => (sliced === null ? wasserstein2(points, held) : sliced.w2(points));
  const repeats = Math.max(1, Math.min(FLOORS, Math.floor(source.trainingCount / count)));
  const floors = Array.from({ length: repeats }, (_, run) => of(trainingRows(source, run * count, count)));
  return { of, floor: estimate(floors).value };
}

function copyDetector(source: DataSource, count: number): (points: Float64Array) => Memorisation {
  const { dimension } = source;
  const most = Math.floor(MOST_PRODUCTS / (count * dimension));
  const training = trainingRows(source, 0, Math.max(1, Math.min(source.trainingCount, most)));
  const heldOut = nearestDistances(heldOutRows(source, count), training, dimension);
  return (points) => compareDistances(nearestDistances(points, training, dimension), heldOut);
}

function heldOutRows(source: DataSource, most: number): Float64Array {
  const count = Math.min(source.validationCount, most);
  const out = new Float64Array(count * source.dimension);
  source.fillValidation(0, out, new Int32Array(count));
  return out;
}

/** Rows of the first epoch: all different. */
function trainingRows(source: DataSource, first: number, count: number): Float64Array {
  const out = new Float64Array(count * source.dimension);
  source.fillTraining(first, out, new Int32Array(count));
  return out;
}
