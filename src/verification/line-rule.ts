import { exp, log } from "../../solvers/math/elementary.js";
import { quantileLaw } from "../metrics/quantile-law.js";
import type { PerturbedLaw } from "../targets/types.js";
import { gradedNodes, type WeightedNodes } from "./graded-nodes.js";

/** Nodes with the law's log-density, score, its derivative and quadrature weights at each. */
export interface LineRule {
  readonly x: Float64Array;
  /** Σ weights[i] h(x[i]) is E h(X). */
  readonly weights: Float64Array;
  readonly logDensity: Float64Array;
  readonly score: Float64Array;
  readonly scoreSlope: Float64Array;
  /** Smallest 1/√|s′| seen: the width of the sharpest feature. */
  readonly width: number;
}

const TAIL = 1e-17;
/** Most nodes of a rule. */
export const MOST_NODES = 200_000;

/** `evenRule`, or Gauss–Legendre rules on graded panels where that misses a feature: E s² = −E s′ does not hold then. */
export function lineRule(law: PerturbedLaw, nodesPerWidth = 10): LineRule {
  const even = evenRule(law, nodesPerWidth);
  if (isResolved(even)) return even;
  const x = even.x;
  return ruleOn(law, gradedNodes(law, x[0]!, x[x.length - 1]!, 2 * nodesPerWidth), even.width);
}

/**
 * Expectations under a smooth law on the line, by the trapezoidal rule between its quantiles of 1e-17.
 *
 * The rule converges faster than any power of spacing/width; with a tenth of the sharpest feature the error of smooth integrands is
 * rounding (and the 2e-17 of mass that is left out). A corner that noise σ has rounded is sharper than the slope of the score tells:
 * a spacing of at most σ/2 leaves exp(−2π²σ²/spacing²) = 5e-35 whatever the law.
 */
export function evenRule(law: PerturbedLaw, nodesPerWidth = 10, widestSpacing = Number.POSITIVE_INFINITY): LineRule {
  const { quantile } = quantileLaw(law);
  const [low, high] = [quantile(TAIL), quantile(TAIL, { upper: true })];
  const pilot = uniform(low, high, 4001);
  const slope = new Float64Array(pilot.length);
  law.scoreDivergence(pilot, pilot.length, slope);
  const steepest = slope.reduce((most, value) => Math.max(most, Math.abs(value)), 1 / ((high - low) * (high - low)));
  const width = 1 / Math.sqrt(steepest);
  const spacings = Math.max((nodesPerWidth * (high - low)) / width, (high - low) / widestSpacing);
  const count = Math.min(MOST_NODES, Math.max(401, Math.ceil(spacings) + 1));
  const spacing = (high - low) / (count - 1);
  return ruleOn(law, { x: uniform(low, high, count), lengths: new Float64Array(count).fill(spacing) }, width);
}

function ruleOn(law: PerturbedLaw, { x, lengths }: WeightedNodes, width: number): LineRule {
  const count = x.length;
  const [logDensity, score, scoreSlope] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  law.logDensity(x, count, logDensity);
  law.score(x, count, score);
  law.scoreDivergence(x, count, scoreSlope);
  return { x, weights: logDensity.map((value, i) => exp(value) * lengths[i]!), logDensity, score, scoreSlope, width };
}

/** Whether E s² = −E s′, to 1e-9. */
function isResolved(rule: LineRule): boolean {
  const square = expectation(rule, (_, i) => rule.score[i]! * rule.score[i]!);
  const slope = expectation(rule, (_, i) => rule.scoreSlope[i]!);
  return Math.abs(square + slope) <= 1e-9 * square;
}

/** E h(X): h is given the node's index and place. */
export function expectation({ x, weights }: LineRule, h: (x: number, i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) if (weights[i]! > 0) sum += weights[i]! * h(x[i]!, i);
  return sum;
}

/** −E log p in nats. */
export function entropy(rule: LineRule): number {
  return -expectation(rule, (_, i) => rule.logDensity[i]!);
}

/** E (X − E X)². */
export function varianceOf(rule: LineRule): number {
  const mean = expectation(rule, (x) => x);
  return expectation(rule, (x) => (x - mean) * (x - mean));
}

/** KL to the Gaussian of the same mean and variance, nats. */
export function negentropy(rule: LineRule): number {
  return 0.5 * (log(2 * Math.PI * varianceOf(rule)) + 1) - entropy(rule);
}

function uniform(low: number, high: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => (low * (count - 1 - i) + high * i) / (count - 1));
}
