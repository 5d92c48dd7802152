import { atMost, type Check } from "../check.js";
import { scoreFpeResidual } from "../fokker-planck/score-fpe-residual.js";
import { scoreFromDensity } from "../fokker-planck/score-from-density.js";
import { densityQuantile } from "./density-law.js";
import type { NonlinearSubject } from "./nonlinear-subject.js";

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
  const k = Math.floor(finer.densities.length / 2);
  const quantile = densityQuantile(finer, k);
  const [low, high] = [quantile(0.01), quantile(0.99)];
  const x = Float64Array.from({ length: 41 }, (_, i) => low + ((high - low) * i) / 40);
  const span = sde.tMax - sde.tMin;
  const at = [0.2, 0.5, 0.8].map((share) => sde.tMin + share * span);
  const residualOf = async (source: { score(x: number, t: number): number }) => {
    const { largestResidual, largestTimeDerivative } = await scoreFpeResidual({
      sde,
      score: (place, t) => factor * source.score(place, t),
      x,
      times: at,
      spaceStep: (0.04 * (high - low)) / 4,
      timeStep: 0.003 * span,
    });
    const scale = largestTimeDerivative.reduce((most, value) => Math.max(most, value), 0);
    return largestResidual.reduce((most, value) => Math.max(most, value), 0) / scale;
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
