import type { Program, Values } from "../engine/index.js";
import { type ConvertibleModel, defineModel } from "../scores/model.js";
import type { Sde } from "../sdes/types.js";
import { chunkedEvaluation, type RowsEvaluation } from "./chunked-evaluation.js";
import { type Network, SHARED_LEVELS } from "./networks/network.js";
import { type Coefficients, type Preconditioning, predictionMap } from "./preconditioning.js";
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

/**
 * The model of a network, whatever runs its programs: rows chunk by chunk, preconditioning in float64.
 *
 * With `products`, the programs of v ↦ (∂F/∂x)ᵀ v, also (∂m/∂x)ᵀ v of the prediction m = skip · x + out · F(in · x, level).
 */
export function networkPrediction(
  setting: PredictionSetting,
  programs: NetworkPrograms,
  products?: NetworkPrograms,
): ConvertibleModel {
  const { sde, network, preconditioning } = setting;
  const { predicts } = preconditioning;
  const dimension = network.shape.reduce((product, length) => product * length, 1);
  const at = (t: number) => predictionMap(preconditioning, predicts, sde, t);
  const evaluate = networkRows(setting, programs, { dimension, at, directions: false });
  if (products === undefined) return defineModel({ predicts, dimension, sde, evaluate });
  const along = networkRows(setting, products, {
    dimension,
    directions: true,
    at(t) {
      const own = at(t);
      return { ...own, out: own.out * own.in };
    },
  });
  return defineModel({
    predicts,
    dimension,
    sde,
    evaluate,
    vjp: (batch, directions, out) => along(batch, out, directions),
  });
}

interface RowsSetting {
  readonly dimension: number;
  at(t: number): Coefficients;
  /** Whether the programs take directions too. */
  readonly directions: boolean;
}

/** Rows of a network, on programs that give a row the same bits whatever is beside it. */
function networkRows(
  { network, chunk, smaller }: PredictionSetting,
  programs: NetworkPrograms,
  { dimension, at, directions }: RowsSetting,
): RowsEvaluation {
  const widths = (isShared: boolean) => [
    dimension,
    isShared ? 0 : 1,
    ...(network.classes > 0 ? [network.classes] : []),
    ...(directions ? [dimension] : []),
  ];
  const counts = new RowCounts({
    chunk,
    smaller,
    agrees: (rows, isShared) =>
      sameRows({ chunk, rows, widths: widths(isShared) }, async (inputs, count) => {
        const [x, level, ...others] = inputs;
        const levels = isShared ? new Float32Array(SHARED_LEVELS).fill(0.3) : level!;
        const [output] = await programs.run([x!, levels, ...others], count, levels.length);
        return output!;
      }),
  });
  return chunkedEvaluation({
    network,
    counts,
    dimension,
    run: (inputs, rows, levels) => programs.run(inputs, rows, levels),
    at,
  });
}
