import { NotMarkovError, UsageError } from "../errors.js";
import { gaussHermite, type NormalRule } from "../math/gauss-hermite.js";
import { modelAnswer } from "../model-answer.js";
import type { Awaitable, Model, Space } from "../types.js";
import { addKernels, KERNEL_REACH, type LawFrame, PushForward, trimmedFrame, uniformNodes } from "./law-frame.js";

/**
 * A function of the frame's coordinate X and of independent standard normals: values(X) + Σ loadings · ξ.
 *
 * With an `axis`, values also depend on one normal, tabulated at the Gauss–Hermite nodes: axis node j, frame node i is element
 * j · (number of frame nodes) + i.
 */
export interface LawState {
  readonly length: number;
  readonly frame: LawFrame;
  readonly axis: string | null;
  readonly values: Float64Array;
  readonly loadings: ReadonlyMap<string, number>;
}

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
const MOST_NODES = 60_000;
const PILOT_NODES = 300;

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
      return combine(frame, rule, coefficients, states);
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
      const pushed = push(x, rule, width, plan === undefined ? null : { spacing, least });
      folds ||= pushed.folds;
      const mass = pushed.frame.density.reduce((sum, value) => sum + value, 0) * pushed.frame.spacing;
      massError = Math.max(massError, Math.abs(mass - 1));
      frame = pushed.frame;
      return identity(frame);
    },
  };
  return space;
}

function identity(frame: LawFrame): LawState {
  return { length: frame.nodes.length, frame, axis: null, values: frame.nodes, loadings: new Map() };
}

function combine(
  frame: LawFrame,
  rule: NormalRule,
  coefficients: readonly number[],
  states: readonly LawState[],
): LawState {
  const axes = new Set(states.flatMap(({ axis }) => (axis === null ? [] : [axis])));
  if (axes.size > 1) {
    throw new UsageError(
      "law space: two noises meet in nonlinear terms of one step - use the gaussian space or sampling",
    );
  }
  const [axis = null] = axes;
  const nodes = frame.nodes.length;
  const values = new Float64Array(axis === null ? nodes : nodes * rule.nodes.length);
  const loadings = new Map<string, number>();
  for (const [k, state] of states.entries()) {
    const coefficient = coefficients[k]!;
    const onAxis = axis === null ? 0 : (state.loadings.get(axis) ?? 0);
    for (let first = 0; first < values.length; first += nodes) {
      const own = state.axis === null ? 0 : first;
      const shift = onAxis === 0 ? 0 : onAxis * rule.nodes[first / nodes]!;
      for (let i = 0; i < nodes; i++) {
        values[first + i] = values[first + i]! + coefficient * (state.values[own + i]! + shift);
      }
    }
    for (const [name, loading] of state.loadings) {
      if (name !== axis) loadings.set(name, (loadings.get(name) ?? 0) + coefficient * loading);
    }
  }
  return { length: nodes, frame, axis, values, loadings };
}

/** The state with its noise, if any, tabulated on the axis. */
function absorbed(x: LawState, rule: NormalRule): LawState {
  const names = [...x.loadings.keys()].filter((name) => x.loadings.get(name) !== 0);
  if (names.length === 0) return x;
  const [name] = names;
  if (names.length > 1 || x.axis !== null || name === undefined) {
    throw new UsageError("law space: a model call on a state with two noises - use the gaussian space or sampling");
  }
  const loading = x.loadings.get(name) ?? 0;
  const nodes = x.length;
  const values = new Float64Array(nodes * rule.nodes.length);
  for (const [branch, node] of rule.nodes.entries()) {
    for (let i = 0; i < nodes; i++) values[branch * nodes + i] = x.values[i]! + loading * node;
  }
  return { ...x, axis: name, values, loadings: new Map() };
}

/** Largest |d values / dX| where the density matters. */
function steepestSlope({ frame, values }: LawState): number {
  const nodes = frame.nodes.length;
  const least = 1e-12 * frame.density.reduce((most, value) => Math.max(most, value), 0);
  let steepest = 0;
  for (let i = 0; i + 1 < values.length; i++) {
    if ((i + 1) % nodes === 0 || frame.density[i % nodes]! < least) continue;
    steepest = Math.max(steepest, Math.abs(values[i + 1]! - values[i]!) / frame.spacing);
  }
  return steepest;
}

/** The density of a noisy state on nodes of its own; `resolution` null makes a coarse pilot. */
function push(
  x: LawState,
  rule: NormalRule,
  width: number,
  resolution: { readonly spacing: number; readonly least: number } | null,
): { frame: LawFrame; folds: boolean } {
  const { frame, values, axis } = x;
  const count = frame.nodes.length;
  const branches = axis === null ? 1 : rule.nodes.length;
  const { low, high } = support(x, width);
  const wanted =
    resolution === null
      ? PILOT_NODES
      : Math.max(Math.ceil(resolution.least), Math.ceil((high - low) / resolution.spacing) + 1);
  if (wanted > MOST_NODES) {
    throw new UsageError(
      `law space: a kernel of width ${width.toPrecision(3)} on [${low.toPrecision(4)}, ${high.toPrecision(4)}] needs ${wanted} nodes, more than ${MOST_NODES} - use fewer or larger steps`,
    );
  }
  const nodes = uniformNodes(low, high, wanted);
  const distance = (high - low) / (nodes.length - 1);
  const density = new Float64Array(nodes.length);
  const pushForward = new PushForward(frame);
  let folds = false;
  for (let branch = 0; branch < branches; branch++) {
    const map = values.subarray(branch * count, (branch + 1) * count);
    const share = axis === null ? 1 : rule.weights[branch]!;
    if (width === 0) folds = pushForward.add(map, share, nodes, distance, density) || folds;
    else {
      const weights = frame.density.map((value) => share * value * frame.spacing);
      addKernels(map, weights, width, nodes, distance, density);
    }
  }
  return { frame: trimmedFrame(nodes, density), folds };
}

function support({ frame, values }: LawState, width: number): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const margin = KERNEL_REACH * width + frame.spacing * 1e-6;
  return { low: low - margin, high: high + margin };
}
