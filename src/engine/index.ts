export { createEngine, type EnginePackages, engineNames, engineReport } from "./create-engine.js";
export { EngineError, type EngineErrorCode } from "./engine-error.js";
export { parameterAccess, parameterCount, sizeOf, splitParameters } from "./specification.js";
export type * from "./types.js";
