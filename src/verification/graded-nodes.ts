import { exp } from "../../solvers/math/elementary.js";
import { gaussLegendre } from "../../solvers/math/gauss-legendre.js";
import type { PerturbedLaw } from "../targets/types.js";

/** Increasing nodes of a quadrature rule, and the length that each stands for. */
export interface WeightedNodes {
  readonly x: Float64Array;
  readonly lengths: Float64Array;
}

const ORDER = 20;
const FIRST_PANELS = 32;
const MOST_PANELS = 4000;
/** Error of an identity on a panel that is taken for rounding, over the sizes of its terms on the line. */
const TOLERANCE = 1e-14;

/**
 * Gauss–Legendre nodes on panels that are halved until ∫s p = [p] and ∫(s′ + s²) p = [s p] hold on each: a corner that noise has rounded
 * to a ten-thousandth of the law's width takes some fifteen halvings, wherever it lies.
 */
export function gradedNodes(law: PerturbedLaw, low: number, high: number, order: number): WeightedNodes {
  const edge = (k: number) => (low * (FIRST_PANELS - k) + high * k) / FIRST_PANELS;
  const stack = Array.from({ length: FIRST_PANELS }, (_, k) => panelOf(law, edge(k), edge(k + 1))).reverse();
  const sizes = [0, 1].map((part) => stack.reduce((sum, panel) => sum + panel.sizes[part]!, 0));
  const kept: Panel[] = [];
  for (let panel = stack.pop(); panel !== undefined; panel = stack.pop()) {
    const { from, to, errors } = panel;
    const middle = 0.5 * (from + to);
    const isSettled = errors.every((error, part) => error <= TOLERANCE * sizes[part]!);
    const isLast = !(middle > from && middle < to) || kept.length + stack.length >= MOST_PANELS;
    if (isSettled || isLast) kept.push(panel);
    else stack.push(panelOf(law, middle, to), panelOf(law, from, middle));
  }
  const { nodes, weights } = gaussLegendre(order);
  const [x, lengths] = [new Float64Array(kept.length * order), new Float64Array(kept.length * order)];
  kept.forEach(({ from, to }, k) => {
    for (let i = 0; i < order; i++) {
      x[k * order + i] = 0.5 * (from + to) + 0.5 * (to - from) * nodes[i]!;
      lengths[k * order + i] = 0.5 * (to - from) * weights[i]!;
    }
  });
  return { x, lengths };
}

interface Panel {
  readonly from: number;
  readonly to: number;
  /** Of ∫s p = [p] and of ∫(s′ + s²) p = [s p]. */
  readonly errors: readonly number[];
  /** ∫|s| p and ∫(|s′| + s²) p. */
  readonly sizes: readonly number[];
}

function panelOf(law: PerturbedLaw, from: number, to: number): Panel {
  const { nodes, weights } = gaussLegendre(ORDER);
  const half = 0.5 * (to - from);
  // The ends come last.
  const x = Float64Array.of(...nodes.map((node) => 0.5 * (from + to) + half * node), from, to);
  const [logDensity, score, slope] = [
    new Float64Array(x.length),
    new Float64Array(x.length),
    new Float64Array(x.length),
  ];
  law.logDensity(x, x.length, logDensity);
  law.score(x, x.length, score);
  law.scoreDivergence(x, x.length, slope);
  const [first, last] = [exp(logDensity[ORDER]!), exp(logDensity[ORDER + 1]!)];
  let [rise, bend] = [first - last, score[ORDER]! * first - score[ORDER + 1]! * last];
  let [steepness, size] = [0, 0];
  for (let i = 0; i < ORDER; i++) {
    const weight = half * weights[i]! * exp(logDensity[i]!);
    const square = score[i]! * score[i]!;
    rise += weight * score[i]!;
    bend += weight * (slope[i]! + square);
    steepness += weight * Math.abs(score[i]!);
    size += weight * (Math.abs(slope[i]!) + square);
  }
  return { from, to, errors: [Math.abs(rise), Math.abs(bend)], sizes: [steepness, size] };
}
