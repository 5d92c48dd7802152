export { type EdmOptions, edm } from "./edm.js";
export type { LinearRateOptions } from "./linear-rate.js";
export { subVp } from "./sub-vp.js";
export type { Sde } from "./types.js";
export { type VeOptions, ve } from "./ve.js";
export { vp } from "./vp.js";
