import type { Schedule } from "../../solvers/types.js";
import type { PerturbedLaw, Target } from "../targets/types.js";
import { type ConvertibleModel, defineModel } from "./model.js";
import { rowsOfOneTime } from "./rows-of-one-time.js";

/** The exact score ∇log p_t of a target under an SDE, and its divergence: rows of one time are evaluated together, each row as if alone. */
export function exactScore(target: Target, sde: Schedule): ConvertibleModel {
  const { dimension } = target;
  const point = new Float64Array(dimension);
  const score = new Float64Array(dimension);
  let alphas = new Float64Array(0);
  let sigmas = new Float64Array(0);
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
      if (target.scoreRows !== undefined && times[0] !== times[count - 1]) {
        if (alphas.length < count) {
          alphas = new Float64Array(count);
          sigmas = new Float64Array(count);
        }
        if (sde.marginals !== undefined) sde.marginals(times, count, alphas, sigmas);
        else {
          for (let i = 0; i < count; i++) {
            alphas[i] = sde.alpha(times[i]!);
            sigmas[i] = sde.sigma(times[i]!);
          }
        }
        target.scoreRows(x, alphas, sigmas, count, out);
        return;
      }
      rowsOfOneTime(times, count, (t, first, next) => {
        const [begin, end] = [first * dimension, next * dimension];
        const rows = next - first;
        if (rows === count) at(t).score(x, count, out);
        else if (rows === 1) {
          // Views would cost more than a row's score.
          for (let d = 0; d < dimension; d++) point[d] = x[begin + d]!;
          at(t).score(point, 1, score);
          for (let d = 0; d < dimension; d++) out[begin + d] = score[d]!;
        } else at(t).score(x.subarray(begin, end), rows, out.subarray(begin, end));
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
