import { UsageError } from "../../solvers/errors.js";
import type { Engine, Program } from "../engine/index.js";
import type { ConvertibleModel } from "../scores/model.js";
import type { Sde } from "../sdes/types.js";
import { networkFunction } from "./network-function.js";
import { levelCounts, NetworkPrograms, networkPrediction } from "./network-prediction.js";
import type { Network } from "./networks/network.js";
import type { Preconditioning } from "./preconditioning.js";
import { fewRows, usualRows } from "./row-counts.js";
import type { Standardisation } from "./standardisation.js";
import { transposedProducts } from "./transposed-products.js";
import { portableNetwork } from "./workers/portable-model.js";
import { SamplingThreads } from "./workers/sampling-threads.js";

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
  /** Rows that it computes at once; fewer are filled up, or computed by a smaller program that gives them the same bits. */
  readonly chunk: number;
  /** Other threads that hold it and draw for `sampleModel`; null when none can. */
  readonly threads: SamplingThreads | null;
  /** Gives the memory of its programs back and ends its threads. */
  dispose(): Promise<void>;
}

/** A trained network as a model. */
export interface NetworkModel extends TrainedModel {
  readonly trained: TrainedNetwork;
}

/** What makes a network a model. */
export interface NetworkModelOptions {
  readonly engine: Engine;
  /** Rows per program; default 1024, for images 8. */
  readonly chunk?: number;
}

/**
 * A model of a trained network.
 *
 * Rows are evaluated in chunks of one size, the last one filled up, or by smaller programs that were found to give the same
 * bits, so that a row does not depend on how many there are;
 * preconditioning is computed in float64, the network in float32.
 *
 * @throws UsageError for a chunk that is no whole number ≥ 1
 */
export async function networkModel(trained: TrainedNetwork, options: NetworkModelOptions): Promise<NetworkModel> {
  const { engine, chunk = usualRows(trained.network.shape) } = options;
  if (!Number.isInteger(chunk) || chunk < 1) {
    throw new UsageError(`chunk: must be a whole number ≥ 1, but got ${chunk} - leave it out`);
  }
  const { network, preconditioning, sde, parameters } = trained;
  const programs = new NetworkPrograms((rows, levels) => compileNetwork(engine, network, rows, parameters, levels));
  await programs.of(chunk, levelCounts(network, chunk)[0]);
  const products = new NetworkPrograms((rows, levels) =>
    engine.compile(transposedProducts(network, rows, levels), { parameters }),
  );
  const setting = { sde, network, preconditioning, chunk, smaller: fewRows(network.shape) };
  const model = networkPrediction(setting, programs, products);
  const describe = engine.provider === "cpu" ? portableNetwork(trained, engine, chunk) : null;
  const threads = describe === null ? null : new SamplingThreads(describe);
  return {
    ...model,
    trained,
    sde,
    shape: network.shape,
    standardisation: trained.standardisation,
    classes: network.classes,
    engine: engine.description,
    chunk,
    threads,
    async dispose() {
      await threads?.dispose();
      await programs.dispose();
      await products.dispose();
    },
  };
}

/** The raw network for `chunk` rows, with fixed parameters when they are given; `levels` as in `networkInputs`. */
export function compileNetwork(
  engine: Engine,
  network: Network,
  chunk: number,
  parameters?: Float32Array,
  levels = chunk,
): Promise<Program> {
  return engine.compile(networkFunction(network, chunk, levels), parameters === undefined ? {} : { parameters });
}
