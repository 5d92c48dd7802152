import type { Prediction } from "../../../solvers/types.js";
import type { EngineName } from "../../engine/index.js";
import type { Sde } from "../../sdes/types.js";
import type { TrainedNetwork } from "../network-model.js";
import { NETWORKS } from "../networks/registry.js";
import type { OnnxModelOptions, TimeInput } from "../onnx-model.js";
import type { LevelName, PreconditioningName } from "../preconditioning.js";
import type { Standardisation } from "../standardisation.js";

/** What makes an SDE again elsewhere. */
export interface SdeFacts {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A model described in plain data, from which another thread makes the same model. */
export type PortableModel =
  | {
      readonly kind: "network";
      readonly engine: EngineName;
      readonly sde: SdeFacts;
      readonly network: {
        readonly name: string;
        readonly options: Readonly<Record<string, unknown>>;
        readonly shape: readonly number[];
        readonly classes: number;
      };
      readonly preconditioning: {
        readonly name: PreconditioningName;
        readonly predicts: Prediction;
        readonly dataStandardDeviation: number;
        readonly level: LevelName;
      };
      readonly parameters: Float32Array;
      readonly standardisation: Standardisation | null;
      readonly chunk: number;
    }
  | {
      readonly kind: "onnx";
      readonly path: string;
      readonly sde: SdeFacts;
      readonly options: Omit<OnnxModelOptions, "sde" | "time"> & { readonly time?: TimeInput };
    };

/** A trained network in plain data; null when its network is of a user's own. */
export function portableNetwork(trained: TrainedNetwork, engine: EngineName, chunk: number): PortableModel | null {
  const { sde, network, preconditioning: scheme, parameters, standardisation } = trained;
  if (NETWORKS.every(({ name }) => name !== network.name)) return null;
  const { name, options, shape, classes } = network;
  const { predicts, dataStandardDeviation, levelOf } = scheme;
  return {
    kind: "network",
    engine,
    sde: { name: sde.name, options: sde.options },
    network: { name, options, shape, classes },
    preconditioning: { name: scheme.name, predicts, dataStandardDeviation, level: levelOf },
    parameters,
    standardisation,
    chunk,
  };
}

/** A model of an .onnx file in plain data; null when its time is given by a function. */
export function portableOnnx(
  path: string,
  sde: Sde,
  { time, sde: _sde, ...options }: OnnxModelOptions,
): PortableModel | null {
  if (typeof time === "function") return null;
  return {
    kind: "onnx",
    path,
    sde: { name: sde.name, options: sde.options },
    options: { ...options, ...(time === undefined ? {} : { time }) },
  };
}
