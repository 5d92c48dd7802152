import type { Schedule } from "../../solvers/types.js";
import type { PerturbedLaw, Target } from "../targets/types.js";
import { type ConvertibleModel, defineModel } from "./model.js";
import { rowsOfOneTime } from "./rows-of-one-time.js";

/** The exact score ∇log p_t of a target under an SDE, and its divergence: rows of one time are evaluated together, each row as if alone. */
export function exactScore(target: Target, sde: Schedule): ConvertibleModel {
  const { dimension } = target;
  let law: PerturbedLaw | undefined;
  const at = (t: number): PerturbedLaw => {
    law = target.perturbed(sde.alpha(t), sde.sigma(t), law);
    return law;
  };
  return defineModel({
    predicts: "score",
    dimension,
    sde,
    evaluate({ x, times, count }, out) {
      rowsOfOneTime(times, count, (t, first, next) => {
        const [begin, end] = [first * dimension, next * dimension];
        const isWhole = next - first === count;
        at(t).score(isWhole ? x : x.subarray(begin, end), next - first, isWhole ? out : out.subarray(begin, end));
      });
    },
    divergence({ x, times, count }, out) {
      rowsOfOneTime(times, count, (t, first, next) => {
        const rows = x.subarray(first * dimension, next * dimension);
        at(t).scoreDivergence(rows, next - first, out.subarray(first, next));
      });
    },
  });
}
