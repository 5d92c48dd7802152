// Only + − × ÷, square roots and exact bit operations stand behind these: `Math.exp` and its kin differ between engines.
export { atan } from "./arc-tangent.js";
export { exp, expm1 } from "./exponential.js";
export { cosh, sinh, tanh } from "./hyperbolic.js";
export { log, log1p } from "./logarithm.js";
export { pow } from "./power.js";
export { cos, sin, sinOfTurns, tan } from "./trigonometric.js";
