import { atMost, type Check } from "../check.js";
import { ClosestCall } from "../closest-call.js";
import { longest } from "../fokker-planck/row-lengths.js";
import { scoreFpeResidual } from "../fokker-planck/score-fpe-residual.js";
import { type DensityOracle, scoreFromDensity } from "../fokker-planck/score-from-density.js";
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
  const wideCells = scoreFromDensity(solution);
  const places = [0.2, 0.5, 0.8].map((share) => {
    const t = sde.tMin + share * span;
    const quantile = densityQuantile(finer, indexAt(finer, t));
    const [low, length] = [quantile(0.01), quantile(0.99) - quantile(0.01)];
    return { t, length, x: Float64Array.from({ length: 41 }, (_, i) => low + (length * i) / 40) };
  });
  const call = new ClosestCall();
  for (const { t, length, x } of places) {
    const at = async (source: Pick<DensityOracle, "score">, share: number) =>
      scoreFpeResidual({
        sde,
        score: (place, time) => factor * source.score(place, time),
        x,
        times: [t],
        spaceStep: share * 0.01 * length,
        timeStep: share * 0.003 * span,
      });
    const [fine, wide, coarse] = [await at(oracle, 0.5), await at(oracle, 1), await at(wideCells, 0.5)];
    const [bySteps, byCells] = [wide, coarse].map(({ residual }) =>
      longest(
        residual.map((value, i) => value - fine.residual[i]!),
        1,
      ),
    );
    const size = fine.largestTimeDerivative[0]!;
    call.add(fine.largestResidual[0]! / size, ((2 / 3) * byCells! + (2 / 15) * bySteps!) / size);
  }
  return atMost(call.figure, call.tolerance, {
    name: "score-equation",
    statement: 7,
    claim: "the score of the density solves the score equation (largest residual over |∂s/∂t|)",
    reason:
      "twice the error of cells, order 2, from cells twice as wide, and of fourth-order differences, from halving their steps",
  });
}
