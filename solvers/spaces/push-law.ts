import { UsageError } from "../errors.js";
import type { NormalRule } from "../math/gauss-hermite.js";
import { numberText } from "../number-text.js";
import { addKernels, KERNEL_REACH, type LawFrame, PushForward, trimmedFrame, uniformNodes } from "./law-frame.js";
import type { LawState } from "./law-state.js";

/** A step costs some 30 operations for each. */
const MOST_NODES = 2 ** 18;
const PILOT_NODES = 300;

/** Largest |d values / dX| where the density matters. */
export function steepestSlope({ frame, values }: LawState): number {
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
export function pushLaw(
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
      `law space: a kernel of width ${numberText(width, 3)} on [${numberText(low, 4)}, ${numberText(high, 4)}] needs ${wanted} nodes, more than ${MOST_NODES} - use fewer or larger steps`,
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
