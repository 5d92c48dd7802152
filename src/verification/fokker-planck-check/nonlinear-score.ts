import { atMost, type Check } from "../check.js";
import { scoreFpeResidual } from "../fokker-planck/score-fpe-residual.js";
import { scoreFromDensity } from "../fokker-planck/score-from-density.js";
import { densityQuantile } from "./density-law.js";
import { indexAt, type NonlinearSubject } from "./nonlinear-subject.js";

/** Residual of the score equation for the score of the solved density. */
export async function nonlinearScore({
  sde,
  solution,
  finer,
  flowFactor,
  reverseFactor,
  oracle,
}: NonlinearSubject): Promise<Check> {
  const factor = flowFactor * reverseFactor;
  const span = sde.tMax - sde.tMin;
  const places = [0.2, 0.5, 0.8].map((share) => {
    const t = sde.tMin + share * span;
    const quantile = densityQuantile(finer, indexAt(finer, t));
    const [low, length] = [quantile(0.01), quantile(0.99) - quantile(0.01)];
    return { t, length, x: Float64Array.from({ length: 41 }, (_, i) => low + (length * i) / 40) };
  });
  const residualOf = async (source: { score(x: number, t: number): number }) => {
    let [residual, scale] = [0, 0];
    for (const { t, length, x } of places) {
      const { largestResidual, largestTimeDerivative } = await scoreFpeResidual({
        sde,
        score: (place, time) => factor * source.score(place, time),
        x,
        times: [t],
        spaceStep: 0.01 * length,
        timeStep: 0.003 * span,
      });
      residual = Math.max(residual, largestResidual[0]!);
      scale = Math.max(scale, largestTimeDerivative[0]!);
    }
    return residual / scale;
  };
  const [fine, coarse] = [await residualOf(oracle), await residualOf(scoreFromDensity(solution))];
  return atMost(fine, 0.75 * coarse, {
    name: "score-equation",
    statement: 7,
    claim:
      "the score of the density solves the score equation, ever better as cells shrink (largest residual over |∂s/∂t|)",
    reason: "three quarters of the residual with cells twice as wide; order 2 leaves a quarter",
  });
}
