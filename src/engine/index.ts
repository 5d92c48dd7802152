export { EngineError, type EngineErrorCode } from "./engine-error.js";
export type * from "./types.js";
