export { createTarget, listTargets, type TargetEntry, type TargetOption } from "./create-target.js";
export { type EmpiricalPoints, empirical } from "./empirical.js";
export { type GaussianOptions, type GaussianTarget, gaussian, isGaussianTarget } from "./gaussian.js";
export { type MixtureOptions, mixture } from "./mixture.js";
export type { NumberRows, Numbers } from "./numbers.js";
export type { PointRows } from "./points.js";
export { TOYS, type ToyName, toy } from "./toys/toy.js";
export type { PerturbedLaw, QuantileOptions, SampleRequest, Target } from "./types.js";
