import { UsageError } from "../../solvers/errors.js";
import type { Engine, Program, Values } from "../engine/index.js";
import { type ConvertibleModel, defineModel } from "../scores/model.js";
import type { Sde } from "../sdes/types.js";
import { namedInputs, networkInputs } from "./loss-function.js";
import type { Network } from "./networks/network.js";
import { type Coefficients, type Preconditioning, predictionMap } from "./preconditioning.js";
import type { Standardisation } from "./standardisation.js";

/** What a trained network consists of. */
export interface TrainedNetwork {
  readonly sde: Sde;
  readonly network: Network;
  readonly preconditioning: Preconditioning;
  /** Flat parameters. */
  readonly parameters: Float32Array;
  /** The affine map of data columns in whose units the model works; null for none. */
  readonly standardisation: Standardisation | null;
}

/** A model that was trained, here or elsewhere. */
export interface TrainedModel extends ConvertibleModel {
  readonly sde: Sde;
  /** Shape of one sample. */
  readonly shape: readonly number[];
  /** The affine map of data columns in whose units the model works; null for none. */
  readonly standardisation: Standardisation | null;
  /** Number of classes; `condition` of a batch is a class, a list with one class per row, or null for none. */
  readonly classes: number;
  /** One line: what computes it. */
  readonly engine: string;
  /** Gives the memory of its programs back. */
  dispose(): Promise<void>;
}

/** A trained network as a model. */
export interface NetworkModel extends TrainedModel {
  readonly trained: TrainedNetwork;
}

/** Rows that a program of a model takes. */
export const MODEL_CHUNK = 512;

/** What makes a network a model. */
export interface NetworkModelOptions {
  readonly engine: Engine;
  /** Rows per program; shorter batches are filled up. */
  readonly chunk?: number;
}

/**
 * A model of a trained network.
 *
 * Rows are evaluated in chunks of one size, the last one filled up, so that a row does not depend on how many there are;
 * preconditioning is computed in float64, the network in float32.
 *
 * @throws UsageError for a chunk that is no whole number ≥ 1
 */
export async function networkModel(trained: TrainedNetwork, options: NetworkModelOptions): Promise<NetworkModel> {
  const { engine, chunk = MODEL_CHUNK } = options;
  if (!Number.isInteger(chunk) || chunk < 1) {
    throw new UsageError(`chunk: must be a whole number ≥ 1, but got ${chunk} - leave it out for ${MODEL_CHUNK}`);
  }
  const { network, preconditioning, sde } = trained;
  const program = await compileNetwork(engine, network, chunk, trained.parameters);
  const dimension = network.shape.reduce((product, length) => product * length, 1);
  const evaluate = chunkedEvaluation({
    network,
    chunk,
    dimension,
    run: (inputs) => program.run(inputs),
    at: (t) => predictionMap(preconditioning, preconditioning.predicts, sde, t),
  });
  const model = defineModel({ predicts: preconditioning.predicts, dimension, sde, evaluate });
  return {
    ...model,
    trained,
    sde,
    shape: network.shape,
    standardisation: trained.standardisation,
    classes: network.classes,
    engine: engine.description,
    dispose: () => program.dispose(),
  };
}

/** The raw network for `chunk` rows, with fixed parameters when they are given. */
export function compileNetwork(
  engine: Engine,
  network: Network,
  chunk: number,
  parameters?: Float32Array,
): Promise<Program> {
  return engine.compile(
    {
      name: network.name,
      parameters: network.parameters,
      inputs: networkInputs(network, chunk),
      outputs: ["output"],
      build: (tf, inputs, access) => [network.apply(tf, namedInputs(network, inputs), access)],
    },
    parameters === undefined ? {} : { parameters },
  );
}

/** What `chunkedEvaluation` is given. */
export interface ChunkedEvaluation {
  readonly network: Pick<Network, "classes">;
  readonly chunk: number;
  readonly dimension: number;
  /** Runs the raw network on x, level and label of `chunk` rows. */
  run(inputs: readonly Values[]): Promise<readonly Values[]>;
  /** Coefficients of the prediction at a time. */
  at(t: number): Coefficients;
}

/** Evaluates a raw network chunk by chunk: prediction = skip · x + out · F(in · x, level). */
export function chunkedEvaluation(setting: ChunkedEvaluation): ConvertibleModel["evaluate"] {
  const { network, chunk, dimension, run, at } = setting;
  const { classes } = network;
  // Calls may overlap: each takes a set of arrays of its own and gives it back.
  const idle: Scratch[] = [];
  return async ({ x, times, count, condition }, out) => {
    const classOf = conditionReader(condition, classes, count);
    const scratch = idle.pop() ?? makeScratch(chunk, dimension, classes);
    const inputs: Values[] = [scratch.x, scratch.level, ...(classes > 0 ? [scratch.label] : [])];
    for (let first = 0; first < count; first += chunk) {
      const rows = Math.min(chunk, count - first);
      fillChunk(scratch, { x, times, first, rows, dimension, at });
      if (classes > 0) {
        scratch.label.fill(0);
        for (let row = 0; row < rows; row++) {
          const label = classOf(first + row);
          if (label !== null) scratch.label[row * classes + label] = 1;
        }
      }
      const [raw] = await run(inputs);
      for (let row = 0, k = 0, i = first * dimension; row < rows; row++) {
        const skip = scratch.skip[row]!;
        const scale = scratch.out[row]!;
        for (let d = 0; d < dimension; d++, k++, i++) out[i] = skip * x[i]! + scale * raw![k]!;
      }
    }
    idle.push(scratch);
  };
}

interface Scratch {
  readonly x: Float32Array;
  readonly level: Float32Array;
  readonly label: Float32Array;
  readonly skip: Float64Array;
  readonly out: Float64Array;
}

function makeScratch(chunk: number, dimension: number, classes: number): Scratch {
  return {
    x: new Float32Array(chunk * dimension),
    level: new Float32Array(chunk),
    label: new Float32Array(chunk * classes),
    skip: new Float64Array(chunk),
    out: new Float64Array(chunk),
  };
}

interface ChunkRows {
  readonly x: Float64Array;
  readonly times: Float64Array;
  readonly first: number;
  readonly rows: number;
  readonly dimension: number;
  readonly at: (t: number) => Coefficients;
}

function fillChunk(scratch: Scratch, { x, times, first, rows, dimension, at }: ChunkRows): void {
  let t = Number.NaN;
  let coefficients: Coefficients = { skip: 0, out: 0, in: 0, level: 0 };
  scratch.x.fill(0, rows * dimension);
  scratch.level.fill(0, rows);
  for (let row = 0, k = 0, i = first * dimension; row < rows; row++) {
    if (times[first + row]! !== t) {
      t = times[first + row]!;
      coefficients = at(t);
    }
    scratch.level[row] = coefficients.level;
    scratch.skip[row] = coefficients.skip;
    scratch.out[row] = coefficients.out;
    for (let d = 0; d < dimension; d++, k++, i++) scratch.x[k] = coefficients.in * x[i]!;
  }
}

/** The class of each row of a batch, null for none. @throws UsageError for a condition that is no class */
export function conditionReader(condition: unknown, classes: number, count: number): (row: number) => number | null {
  if (condition === undefined || condition === null) return () => null;
  const check = (label: unknown): number => {
    if (typeof label === "number" && Number.isInteger(label) && label >= 0 && label < classes) return label;
    const allowed = classes === 0 ? "absent, for the model has no classes" : `a class in [0, ${classes})`;
    throw new UsageError(`condition: must be ${allowed}, but got ${JSON.stringify(label)}`);
  };
  if (Array.isArray(condition) || condition instanceof Int32Array || condition instanceof Float64Array) {
    const list: readonly unknown[] = Array.from(condition);
    if (list.length !== count) {
      throw new UsageError(`condition: a list must hold one class for each of ${count} rows, but got ${list.length}`);
    }
    return (row) => (list[row] === null ? null : check(list[row]));
  }
  const label = check(condition);
  return () => label;
}
