import { NotMarkovError } from "../errors.js";
import { gaussHermite } from "../math/gauss-hermite.js";
import { modelAnswer } from "../model-answer.js";
import type { Awaitable, Model, Space } from "../types.js";
import type { LawFrame } from "./law-frame.js";
import { absorbed, combineStates, identity, type LawState } from "./law-state.js";
import { pushLaw, steepestSlope } from "./push-law.js";

/** The law space: exact densities of Markov samplers in one dimension. */
export interface LawSpace extends Space<LawState> {
  readonly name: "law";
  /** What each commit that convolved asked of the frame before it: kernel width over the steepest slope of the map. */
  readonly demands: readonly number[];
  /** Largest |mass − 1| seen. */
  readonly massError: number;
  /** True when some deterministic map folded where there is mass. */
  readonly folds: boolean;
}

/** What an exact density on the line needs: a model, a start, and frames. */
export interface LawSpaceOptions {
  readonly model: Model;
  /** Density at the first time of the grid. */
  readonly start: LawFrame;
  /**
   * Demands of an earlier run of the same solver, so that each frame is fine enough for the kernel that follows it; without them a
   * coarse pilot run records its own.
   */
  readonly demands?: readonly number[];
  /** Frame spacing is at most the demand divided by this; ≥ 1.2 keeps the trapezoidal rule below 1e-12. */
  readonly refinement?: number;
  /** Gauss–Hermite nodes for a noise that a model sees: 12 do for small steps, large ones need more (64 for ten steps). */
  readonly axisNodes?: number;
}

const LEAST_NODES = 400;
/** For frames that a map is interpolated on, and for the last one, which is the result. */
const LEAST_FINE_NODES = 1000;

/**
 * The space in which a state is a random variable in one dimension, known by its density.
 *
 * `commit` pushes the density of the frame through the state's map and Gaussian kernel (Chapman–Kolmogorov, trapezoidal rule,
 * spectrally accurate while the kernel is wider than 1.2 node distances) and makes the result the new frame. A model call on a
 * state that still carries noise tabulates that noise on a Gauss–Hermite axis. States without noise are maps of the
 * present frame, so deterministic solvers push one density through one map.
 *
 * @throws NotMarkovError from `commit` when a convolving step keeps older states, UsageError when two noises meet a model call
 */
export function lawSpace({ model, start, demands: plan, refinement = 1.6, axisNodes = 12 }: LawSpaceOptions): LawSpace {
  const rule = gaussHermite(axisNodes);
  let frame = start;
  let evaluations = 0;
  let massError = 0;
  let folds = false;
  const demands: number[] = [];

  const requireFrame = (states: readonly LawState[]) => {
    for (const state of states) {
      if (state.frame !== frame) {
        throw new NotMarkovError(
          "law space: a state from before a random step was used again, but the exact law keeps the present state only - use the gaussian space or sampling for this solver",
        );
      }
    }
  };

  const space: LawSpace = {
    name: "law",
    predicts: model.predicts,
    get evaluations() {
      return evaluations;
    },
    get demands() {
      return demands;
    },
    get massError() {
      return massError;
    },
    get folds() {
      return folds;
    },
    start: () => identity(frame),
    combine(coefficients, states) {
      requireFrame(states);
      return combineStates(frame, rule, coefficients, states);
    },
    noise: (_interval, step, slot) => ({
      length: frame.nodes.length,
      frame,
      axis: null,
      values: new Float64Array(frame.nodes.length),
      loadings: new Map([[`${step}/${slot}`, 1]]),
    }),
    evaluate(x, t): Awaitable<LawState> {
      requireFrame([x]);
      evaluations++;
      const point = absorbed(x, rule);
      const count = point.values.length;
      const out = new Float64Array(count);
      const answer = model.evaluate({ x: point.values, times: new Float64Array(count).fill(t), count }, out);
      const state = (given: unknown): LawState => ({
        ...point,
        values: modelAnswer(given, out),
        loadings: new Map(),
      });
      return answer instanceof Promise ? answer.then(state) : state(answer);
    },
    commit(x, kept = []) {
      requireFrame([x, ...kept]);
      const width = Math.sqrt([...x.loadings.values()].reduce((sum, loading) => sum + loading * loading, 0));
      if (width === 0 && x.axis === null) return x;
      if (kept.length > 0) {
        throw new NotMarkovError(
          "law space: the solver keeps older states beside a noisy one, so its law is not Markov in the state alone - use the gaussian space or sampling for this solver",
        );
      }
      const index = demands.length;
      demands.push(width > 0 ? width / Math.max(1, steepestSlope(x)) : Number.POSITIVE_INFINITY);
      const following = plan?.[index + 1] ?? Number.POSITIVE_INFINITY;
      const spacing = Math.min(following, width > 0 ? width : Number.POSITIVE_INFINITY) / refinement;
      const least = Number.isFinite(following) ? LEAST_NODES : LEAST_FINE_NODES * refinement;
      const pushed = pushLaw(x, rule, width, plan === undefined ? null : { spacing, least });
      folds ||= pushed.folds;
      const mass = pushed.frame.density.reduce((sum, value) => sum + value, 0) * pushed.frame.spacing;
      massError = Math.max(massError, Math.abs(mass - 1));
      frame = pushed.frame;
      return identity(frame);
    },
  };
  return space;
}
