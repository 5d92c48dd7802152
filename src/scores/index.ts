export { exactScore } from "./exact-score.js";
export { type ConvertibleModel, type DifferentiableModel, defineModel, type ModelDefinition } from "./model.js";
