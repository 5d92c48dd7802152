import type { Prediction } from "../../solvers/types.js";
import type { Engine } from "../engine/index.js";
import { type ConvertibleModel, defineModel } from "../scores/model.js";
import type { Sde } from "../sdes/types.js";
import { chunkedEvaluation } from "./chunked-evaluation.js";
import { compileNetwork } from "./network-model.js";
import type { Network } from "./networks/network.js";
import { type Preconditioning, predictionMap } from "./preconditioning.js";
import { RowCounts } from "./row-counts.js";

/** What a network that still learns is. */
export interface LearningNetwork {
  readonly sde: Sde;
  readonly network: Network;
  readonly preconditioning: Preconditioning;
  readonly engine: Engine;
}

/** A network compiled once for parameters that change: each call gives the model of the parameters it is called with. */
export async function learningModel(
  { sde, network, preconditioning, engine }: LearningNetwork,
  { chunk, predicts = preconditioning.predicts }: { readonly chunk: number; readonly predicts?: Prediction },
): Promise<{ at(parameters: Float32Array): ConvertibleModel; dispose(): Promise<void> }> {
  const program = await compileNetwork(engine, network, chunk);
  const dimension = network.shape.reduce((product, length) => product * length, 1);
  return {
    at: (parameters) =>
      defineModel({
        predicts,
        dimension,
        sde,
        evaluate: chunkedEvaluation({
          network: { classes: network.classes },
          counts: new RowCounts({ chunk, smaller: [], agrees: async () => false }),
          dimension,
          run: (inputs) => program.run([parameters, ...inputs]),
          at: (t) => predictionMap(preconditioning, predicts, sde, t),
        }),
      }),
    dispose: () => program.dispose(),
  };
}
