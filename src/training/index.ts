export {
  type Checkpoint,
  type FoundCheckpoint,
  findCheckpoint,
  readCheckpoint,
  writeCheckpoint,
} from "./checkpoint.js";
export { type ExportOptions, exportOnnx, onnxBytes } from "./export-onnx.js";
export type { TimeInput } from "./foreign-time.js";
export { type LayersModelOptions, loadLayersModel } from "./layers-model.js";
export { type LoadedModel, type LoadModelOptions, loadModel } from "./load-model.js";
export type { Memorisation } from "./memorisation.js";
export {
  type NetworkModel,
  type NetworkModelOptions,
  networkModel,
  type TrainedModel,
  type TrainedNetwork,
} from "./network-model.js";
export { initialParameters } from "./networks/initial-parameters.js";
export { layersNetwork } from "./networks/layers-network.js";
export { type MlpOptions, mlp, residualMlp } from "./networks/mlp.js";
export {
  defineNetwork,
  type Network,
  type NetworkDefinition,
  type NetworkFactory,
  type NetworkInputs,
  type NetworkParameter,
  type NetworkSetting,
  ones,
  weights,
  zeros,
} from "./networks/network.js";
export { createNetwork, NETWORKS, type NetworkEntry } from "./networks/registry.js";
export { type TransformerOptions, transformer } from "./networks/transformer.js";
export { type UnetOptions, unet } from "./networks/unet.js";
export { loadOnnxModel, type OnnxModelOptions } from "./onnx-model.js";
export type { OptimiserState } from "./optimiser.js";
export {
  type Coefficients,
  type LevelName,
  PRECONDITIONINGS,
  type Preconditioning,
  type PreconditioningName,
  type PreconditioningOptions,
  preconditioning,
} from "./preconditioning.js";
export { RECIPES, type Recipe } from "./recipes.js";
export { IMAGE_CHUNK, MODEL_CHUNK } from "./row-counts.js";
export type { SamplingError } from "./sampling-error.js";
export type { ScoreErrorBucket } from "./score-error.js";
export { type Standardisation, standardise, unstandardise } from "./standardisation.js";
export { TIME_SAMPLINGS, type TimeSampling, type TimeSamplingChoice } from "./time-sampling.js";
export { train } from "./train.js";
export type { TrainOptions } from "./train-options.js";
export type { TrainProgress, TrainReport, TrainResult, TrainStatus } from "./train-result.js";
export { WEIGHTINGS, type Weighting, type WeightingChoice } from "./weighting.js";
export type { PortableModel, PortableNetwork, SdeFacts } from "./workers/portable-model.js";
export { prepareWorkers, type SampleModelOptions, sampleModel } from "./workers/sample-model.js";
export type { SamplingThreads } from "./workers/sampling-threads.js";
