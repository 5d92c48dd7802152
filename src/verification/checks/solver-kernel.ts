import type { FixedSolver } from "../../../solvers/types.js";
import { sample } from "../../sampling/sample.js";
import { defineModel } from "../../scores/model.js";
import type { Sde } from "../../sdes/types.js";

/** One step t → u of a solver as x_u = state · x_t + data · x̂₀ + noise · z. */
export interface SolverKernel {
  readonly state: number;
  readonly data: number;
  readonly noise: number;
}

/** Reads a kernel off the solver itself, by giving it known states, data predictions and noises. */
export async function solverKernel(solver: FixedSolver, sde: Sde, t: number, u: number): Promise<SolverKernel> {
  const run = async (x: number, data: number, noise: number) => {
    const { samples } = await sample({
      sde,
      solver,
      times: [t, u],
      samples: 1,
      initial: Float64Array.of(x),
      model: defineModel({
        predicts: "data",
        dimension: 1,
        evaluate(_batch, out) {
          out.fill(data);
        },
      }),
      noise: (_step, _slot, _first, _count, out) => {
        out.fill(noise);
      },
    });
    return samples.data[0]!;
  };
  return { state: await run(1, 0, 0), data: await run(0, 1, 0), noise: await run(0, 0, 1) };
}
