import type { Model } from "../../solvers/types.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import { modelScore } from "./fokker-planck/score-source.js";
import { placesOf } from "./fokker-planck-check/places.js";
import { scoreRounding } from "./fokker-planck-check/score-rounding.js";
import { evenTimes } from "./probe-times.js";

const NODES = 81;
const TAIL = 1e-6;
const INTERVALS = 20;

/** Whether two models give the same score to rounding, at 21 times from tMin to tMax and at places that hold all but 2e-6 of p_t. */
export async function sameScore(
  a: Model,
  b: Model,
  { sde, target }: { readonly sde: Sde; readonly target: Target },
): Promise<boolean> {
  if (a === b) return true;
  const [first, second] = [modelScore(a, sde), modelScore(b, sde)];
  for (const t of evenTimes(sde, INTERVALS)) {
    const { points, width } = placesOf(target, sde, t, { nodes: NODES, tail: TAIL });
    const [here, there] = [new Float64Array(points.length), new Float64Array(points.length)];
    await first(points, t, here);
    await second(points, t, there);
    const farthest = points.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const allowed = 2 * scoreRounding(width, farthest);
    if (!here.every((value, i) => Math.abs(value - there[i]!) <= allowed)) return false;
  }
  return true;
}
