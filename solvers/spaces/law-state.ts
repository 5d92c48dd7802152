import { UsageError } from "../errors.js";
import type { NormalRule } from "../math/gauss-hermite.js";
import type { LawFrame } from "./law-frame.js";

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

/** The coordinate of the frame itself. */
export function identity(frame: LawFrame): LawState {
  return { length: frame.nodes.length, frame, axis: null, values: frame.nodes, loadings: new Map() };
}

/** Σ coefficients[k] states[k], on the axis of those that have one. @throws UsageError when two axes meet */
export function combineStates(
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
export function absorbed(x: LawState, rule: NormalRule): LawState {
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
