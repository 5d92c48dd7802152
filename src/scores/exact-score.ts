import type { Schedule } from "../../solvers/types.js";
import type { PerturbedLaw, Target } from "../targets/types.js";
import { type ConvertibleModel, defineModel } from "./model.js";

/** The exact score ∇log p_t of a target under an SDE: rows of one time are evaluated together, each row as if alone. */
export function exactScore(target: Target, sde: Schedule): ConvertibleModel {
  const { dimension } = target;
  let law: PerturbedLaw | undefined;
  return defineModel({
    predicts: "score",
    dimension,
    sde,
    evaluate({ x, times, count }, out) {
      for (let first = 0; first < count; ) {
        const t = times[first]!;
        let next = first + 1;
        while (next < count && times[next] === t) next++;
        law = target.perturbed(sde.alpha(t), sde.sigma(t), law);
        const range = [first * dimension, next * dimension] as const;
        const isWhole = next - first === count;
        law.score(isWhole ? x : x.subarray(...range), next - first, isWhole ? out : out.subarray(...range));
        first = next;
      }
    },
  });
}
