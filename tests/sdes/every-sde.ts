import {
  cosine,
  customSde,
  discrete,
  edm,
  linearBetas,
  rectifiedFlow,
  type Sde,
  scaledLinearBetas,
  subVp,
  ve,
  vp,
} from "../../src/sdes/index.js";

/** Every kind of SDE, with default and unusual options. */
export async function everySde(): Promise<readonly (readonly [string, Sde])[]> {
  return [
    ["vp", vp()],
    ["vp with constant β, tMax 2", vp({ betaMin: 3, betaMax: 3, tMax: 2 })],
    ["sub-vp", subVp()],
    ["ve", ve()],
    ["edm", edm()],
    ["cosine", cosine()],
    ["cosine without offset", cosine({ offset: 0, tMax: 0.9 })],
    ["rectified flow", rectifiedFlow()],
    ["discrete linear", discrete({ betas: linearBetas(40).map((beta) => 25 * beta) })],
    ["discrete scaled-linear", discrete({ betas: scaledLinearBetas(25) })],
    ["discrete rough", discrete({ betas: [0.003, 0.02, 0.3, 0.0001, 0.9, 0.05, 0.4] })],
    ["custom path", await customSde({ alpha: "exp(-t^2)", sigma: "sqrt(1-exp(-2 t^2))", tMin: 1e-3, tMax: 1.5 })],
    ["custom trigonometric", await customSde({ alpha: "cos(pi*t/2)", sigma: "sin(pi*t/2)", tMax: 0.99 })],
    ["custom non-preserving", await customSde({ alpha: "1/(1+t)^k", sigma: "0.1+t^1.5", constants: { k: 1.3 } })],
    ["custom equation", await customSde({ drift: "-0.5*(0.1+19.9*t)*x", diffusion: "sqrt(0.1+19.9*t)" })],
    ["custom heating", await customSde({ drift: "x*sin(5 t)", diffusion: "1+0.9*cos(9 t)", tMax: 2 })],
    ["custom without drift", await customSde({ drift: "0", diffusion: "sqrt(2 t)", tMin: 0.002, tMax: 80 })],
  ];
}
