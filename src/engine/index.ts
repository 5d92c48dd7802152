export { createEngine, type EnginePackages, engineReport } from "./create-engine.js";
export { EngineError, type EngineErrorCode } from "./engine-error.js";
export { ENGINES, engineNames } from "./engine-names.js";
export type { DoubleGradient } from "./onnx/double-gradient.js";
export type { OnnxExport } from "./onnx/export-onnx.js";
export type { OnnxModel, OnnxModelOptions, OnnxType, OnnxValueSpec, OnnxValues } from "./onnx/load-onnx.js";
export { compileDoubleGradient, exportOnnx, loadOnnx, openProgram } from "./onnx-files.js";
export { parameterAccess, parameterCount, sizeOf, splitParameters } from "./specification.js";
export type * from "./types.js";
