export { exactScore } from "./exact-score.js";
export { type GuidableModel, type GuidanceOptions, guided } from "./guided.js";
export { type ConvertibleModel, type DifferentiableModel, defineModel, type ModelDefinition } from "./model.js";
