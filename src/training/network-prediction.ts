import type { Program, Values } from "../engine/index.js";
import { type ConvertibleModel, defineModel, type ModelDefinition } from "../scores/model.js";
import type { Sde } from "../sdes/types.js";
import { chunkedEvaluation } from "./chunked-evaluation.js";
import { type Network, SHARED_LEVELS } from "./networks/network.js";
import { type Preconditioning, predictionMap } from "./preconditioning.js";

/** What is asked of a network beside its programs. */
export interface PredictionSetting {
  readonly sde: Sde;
  readonly network: Pick<Network, "shape" | "classes" | "sharesLevel">;
  readonly preconditioning: Preconditioning;
  /** Rows of a program. */
  readonly chunk: number;
}

/** Numbers of levels that programs of a network take, the most used first. */
export function levelCounts(
  { sharesLevel = false }: Pick<Network, "sharesLevel">,
  chunk: number,
): [number, ...number[]] {
  return sharesLevel ? [SHARED_LEVELS, chunk] : [chunk];
}

/** Programs of one network, by the number of levels that they take, opened when they are first asked for. */
export class NetworkPrograms {
  readonly #open: (levels: number) => Promise<Program>;
  readonly #programs = new Map<number, Promise<Program>>();

  constructor(open: (levels: number) => Promise<Program>) {
    this.#open = open;
  }

  of(levels: number): Promise<Program> {
    const program = this.#programs.get(levels) ?? this.#open(levels);
    this.#programs.set(levels, program);
    return program;
  }

  async run(inputs: readonly Values[], levels: number): Promise<readonly Values[]> {
    return (await this.of(levels)).run(inputs);
  }

  async dispose(): Promise<void> {
    for (const program of this.#programs.values()) await (await program).dispose();
  }
}

/** The model of a network, whatever runs its programs: rows chunk by chunk, preconditioning in float64. */
export function networkPrediction(
  { sde, network, preconditioning, chunk }: PredictionSetting,
  programs: NetworkPrograms,
  derivatives: Pick<ModelDefinition, "vjp"> = {},
): ConvertibleModel {
  const { predicts } = preconditioning;
  const dimension = network.shape.reduce((product, length) => product * length, 1);
  const evaluate = chunkedEvaluation({
    network,
    chunk,
    dimension,
    run: (inputs, levels) => programs.run(inputs, levels),
    at: (t) => predictionMap(preconditioning, predicts, sde, t),
  });
  return defineModel({ predicts, dimension, sde, evaluate, ...derivatives });
}
