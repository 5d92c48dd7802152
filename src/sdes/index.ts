export { type BetaTableName, cosineBetas, linearBetas, scaledLinearBetas } from "./beta-tables.js";
export { type CosineOptions, cosine } from "./cosine.js";
export {
  type CustomEquation,
  type CustomOptions,
  type CustomPath,
  type CustomRange,
  customSde,
} from "./custom.js";
export { type DiscreteOptions, discrete } from "./discrete.js";
export { type EdmOptions, edm } from "./edm.js";
export type { LinearRateOptions } from "./linear-rate.js";
export { type RectifiedFlowOptions, rectifiedFlow } from "./rectified-flow.js";
export { createSde, SDES, type SdeEntry } from "./registry.js";
export { subVp } from "./sub-vp.js";
export type { Sde } from "./types.js";
export { type VeOptions, ve } from "./ve.js";
export { vp } from "./vp.js";
