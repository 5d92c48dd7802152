export { type GaussianOptions, type GaussianTarget, gaussian, isGaussianTarget } from "./gaussian.js";
export { type MixtureOptions, mixture } from "./mixture.js";
export type { PerturbedLaw, SampleRequest, Target } from "./types.js";
