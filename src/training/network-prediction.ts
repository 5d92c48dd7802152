import type { Program, Values } from "../engine/index.js";
import { type ConvertibleModel, defineModel, type ModelDefinition } from "../scores/model.js";
import type { Sde } from "../sdes/types.js";
import { chunkedEvaluation } from "./chunked-evaluation.js";
import { type Network, SHARED_LEVELS } from "./networks/network.js";
import { type Preconditioning, predictionMap } from "./preconditioning.js";
import { RowCounts, sameRows } from "./row-counts.js";

/** What is asked of a network beside its programs. */
export interface PredictionSetting {
  readonly sde: Sde;
  readonly network: Pick<Network, "shape" | "classes" | "sharesLevel">;
  readonly preconditioning: Preconditioning;
  /** Rows of the usual program. */
  readonly chunk: number;
  /** Rows of smaller programs for small batches. */
  readonly smaller: readonly number[];
}

/** Numbers of levels that programs of a network take for so many rows, the most used first. */
export function levelCounts(
  { sharesLevel = false }: Pick<Network, "sharesLevel">,
  rows: number,
): [number, ...number[]] {
  return sharesLevel ? [SHARED_LEVELS, rows] : [rows];
}

/** Programs of one network, by the numbers of rows and levels that they take, opened when they are first asked for. */
export class NetworkPrograms {
  readonly #open: (rows: number, levels: number) => Promise<Program>;
  readonly #programs = new Map<string, Promise<Program>>();

  constructor(open: (rows: number, levels: number) => Promise<Program>) {
    this.#open = open;
  }

  of(rows: number, levels: number): Promise<Program> {
    const key = `${rows}/${levels}`;
    const program = this.#programs.get(key) ?? this.#open(rows, levels);
    this.#programs.set(key, program);
    return program;
  }

  async run(inputs: readonly Values[], rows: number, levels: number): Promise<readonly Values[]> {
    return (await this.of(rows, levels)).run(inputs);
  }

  async dispose(): Promise<void> {
    for (const program of this.#programs.values()) await (await program).dispose();
  }
}

/** The model of a network, whatever runs its programs: rows chunk by chunk, preconditioning in float64. */
export function networkPrediction(
  { sde, network, preconditioning, chunk, smaller }: PredictionSetting,
  programs: NetworkPrograms,
  derivatives: Pick<ModelDefinition, "vjp"> = {},
): ConvertibleModel {
  const { predicts } = preconditioning;
  const dimension = network.shape.reduce((product, length) => product * length, 1);
  const widths = (isShared: boolean) => [
    dimension,
    isShared ? 0 : 1,
    ...(network.classes > 0 ? [network.classes] : []),
  ];
  const counts = new RowCounts({
    chunk,
    smaller,
    agrees: (rows, isShared) =>
      sameRows({ chunk, rows, widths: widths(isShared) }, async (inputs, count) => {
        const [x, level, ...label] = inputs;
        const levels = isShared ? new Float32Array(SHARED_LEVELS).fill(0.3) : level!;
        const [output] = await programs.run([x!, levels, ...label], count, levels.length);
        return output!;
      }),
  });
  const evaluate = chunkedEvaluation({
    network,
    counts,
    dimension,
    run: (inputs, rows, levels) => programs.run(inputs, rows, levels),
    at: (t) => predictionMap(preconditioning, predicts, sde, t),
  });
  return defineModel({ predicts, dimension, sde, evaluate, ...derivatives });
}
