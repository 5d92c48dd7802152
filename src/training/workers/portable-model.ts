import type { Prediction } from "../../../solvers/types.js";
import type { Engine, EngineName, PortableProgram } from "../../engine/index.js";
import type { Sde } from "../../sdes/types.js";
import type { TimeInput } from "../foreign-time.js";
import { networkFunction } from "../network-function.js";
import type { TrainedNetwork } from "../network-model.js";
import { levelCounts } from "../network-prediction.js";
import { NETWORKS } from "../networks/registry.js";
import type { OnnxModelOptions } from "../onnx-model.js";
import type { LevelName, PreconditioningName } from "../preconditioning.js";

/** What makes an SDE again elsewhere. */
export interface SdeFacts {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A network in plain data, without what computes it. */
export interface PortableNetwork {
  readonly sde: SdeFacts;
  readonly network: {
    readonly name: string;
    readonly options: Readonly<Record<string, unknown>>;
    readonly shape: readonly number[];
    readonly classes: number;
    readonly sharesLevel: boolean;
  };
  readonly preconditioning: {
    readonly name: PreconditioningName;
    readonly predicts: Prediction;
    readonly dataStandardDeviation: number;
    readonly level: LevelName;
  };
  /** Rows of a program. */
  readonly chunk: number;
}

/** A model described in plain data, from which another thread makes the same model. */
export type PortableModel =
  | (PortableNetwork & {
      /** Compiled: a thread has nothing to trace. */
      readonly kind: "programs";
      /** By the number of levels that they take. */
      readonly programs: ReadonlyMap<number, PortableProgram>;
    })
  | (PortableNetwork & {
      /** Compiled anew by the engine of that name. */
      readonly kind: "network";
      readonly engine: EngineName;
      readonly parameters: Float32Array;
    })
  | {
      readonly kind: "onnx";
      readonly path: string;
      readonly sde: SdeFacts;
      readonly options: Omit<OnnxModelOptions, "sde" | "time"> & { readonly time?: TimeInput };
    };

/** What gives a trained network in plain data; null when its engine emits no programs and its network is of a user's own. */
export function portableNetwork(trained: TrainedNetwork, engine: Engine, chunk: number): (() => PortableModel) | null {
  const { sde, network, preconditioning: scheme, parameters } = trained;
  const { name, options, shape, classes, sharesLevel = false } = network;
  const { predicts, dataStandardDeviation, levelOf } = scheme;
  const facts: PortableNetwork = {
    sde: { name: sde.name, options: sde.options },
    network: { name, options, shape, classes, sharesLevel },
    preconditioning: { name: scheme.name, predicts, dataStandardDeviation, level: levelOf },
    chunk,
  };
  const { emit } = engine;
  if (emit !== undefined) {
    return () => {
      const programs = levelCounts(network, chunk).map(
        (levels) => [levels, emit.call(engine, networkFunction(network, chunk, levels), parameters)] as const,
      );
      return { ...facts, kind: "programs", programs: new Map(programs) };
    };
  }
  if (NETWORKS.every((known) => known.name !== name)) return null;
  return () => ({ ...facts, kind: "network", engine: engine.name, parameters });
}

/** What gives a model of an .onnx file in plain data; null when its time is given by a function. */
export function portableOnnx(
  path: string,
  sde: Sde,
  { time, sde: _sde, ...options }: OnnxModelOptions,
): (() => PortableModel) | null {
  if (typeof time === "function") return null;
  return () => ({
    kind: "onnx",
    path,
    sde: { name: sde.name, options: sde.options },
    options: { ...options, ...(time === undefined ? {} : { time }) },
  });
}
