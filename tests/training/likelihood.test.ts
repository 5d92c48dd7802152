import { afterAll, describe, expect, it } from "vitest";
import { createEngine } from "../../src/engine/index.js";
import { logLikelihood } from "../../src/sampling/log-likelihood.js";
import { ve, vp } from "../../src/sdes/index.js";
import { defineNetwork, type Network, networkModel, weights } from "../../src/training/index.js";
import { initialParameters } from "../../src/training/networks/initial-parameters.js";
import { createNetwork } from "../../src/training/networks/registry.js";
import { preconditioning } from "../../src/training/preconditioning.js";

const engine = await createEngine();
afterAll(() => engine.dispose());

function modelOf(network: Network, sde = vp(), chunk = 16) {
  const parameters = initialParameters(network, 2).map((value, i) => value + 0.1 * Math.sin(5 * i));
  const scheme = preconditioning({ name: "edm", sde, predicts: "data", dataStandardDeviation: 0.8 });
  return networkModel({ sde, network, preconditioning: scheme, parameters, standardisation: null }, { engine, chunk });
}

const values = (length: number, seed: number) => Float64Array.from({ length }, (_, i) => Math.sin(1.3 * i + seed));
const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

describe("products with the transposed Jacobian of a network", () => {
  it("are Wᵀ v for F(x) = W x, preconditioning included", async () => {
    const linear = defineNetwork({
      name: "linear",
      parameters: () => [weights("kernel", [3, 3], 3)],
      apply: (tf, { x }, parameter) => tf.matMul(x, parameter("kernel")),
    });
    const model = await modelOf(linear({ shape: [3], classes: 0 }));
    const { parameters, preconditioning: scheme } = model.trained;
    const count = 20;
    const batch = { x: values(60, 1), times: Float64Array.from({ length: count }, (_, i) => 0.05 + i / 25), count };
    const [v, out] = [values(60, 7), new Float64Array(60)];
    await model.vjp!(batch, v, out);
    for (let row = 0; row < count; row++) {
      const { skip, out: outer, in: inner } = scheme.at(batch.times[row]!);
      for (let i = 0; i < 3; i++) {
        // x·K: the Jacobian is Kᵀ, and its transpose K.
        const product = [0, 1, 2].reduce((sum, j) => sum + parameters[3 * i + j]! * v[3 * row + j]!, 0);
        // Three float32 products.
        expect(Math.abs(out[3 * row + i]! - skip * v[3 * row + i]! - outer * inner * product)).toBeLessThan(1e-6);
      }
    }
    await model.dispose();
  });

  it.each([
    ["mlp:width=16", [2], 0],
    ["residual-mlp:width=16,depth=2", [2], 3],
    ["unet:channels=4,levels=2", [4, 4, 1], 0],
    ["transformer:width=8,depth=1,heads=2,patch=2", [4, 4, 1], 2],
  ] as const)("give the quadratic forms of differences: %s", async (spec, shape, classes) => {
    const model = (await modelOf(createNetwork(spec, { shape, classes }))).as("score");
    const { dimension } = model;
    const count = 3;
    const times = Float64Array.of(0.3, 0.6, 0.9);
    const condition = classes === 0 ? undefined : [0, null, 1];
    const x = values(count * dimension, 3);
    const v = values(count * dimension, 4);
    const ask = async (h: number) => {
      const out = new Float64Array(x.length);
      await model.evaluate({ x: x.map((value, i) => value + h * v[i]!), times, count, condition }, out);
      return out;
    };
    const along = new Float64Array(x.length);
    await model.vjp!({ x, times, count, condition }, v, along);
    // Four points: h⁴ m⁽⁵⁾/30 with h = 1/32, and rounding 1.5 · 2⁻²⁴ |m|/h ~ 3e-6 |m|.
    const h = 1 / 32;
    const [a, b, c, d] = [await ask(h), await ask(-h), await ask(2 * h), await ask(-2 * h)];
    const slope = a.map((value, i) => (8 * (value - b[i]!) - (c[i]! - d[i]!)) / (12 * h));
    const size = Math.sqrt(dot(slope, slope) * dot(v, v));
    expect(Math.abs(dot(v, slope) - dot(v, along))).toBeLessThan(1e-4 * size);
  });
});

describe("likelihood of a network", () => {
  it.each([vp(), ve({ sigmaMax: 10 })])("integrates to 1 in one dimension: $name", async (sde) => {
    const model = await modelOf(createNetwork("mlp:width=16", { shape: [1], classes: 0 }), sde, 512);
    // The flow carries the whole prior to within a few units.
    const count = 801;
    const step = 0.02;
    const points = Float64Array.from({ length: count }, (_, i) => step * (i - 400));
    const { nats, divergence, status } = await logLikelihood({ sde, model, points, rtol: 1e-4, atol: 1e-4 });
    expect(status).toBe("success");
    expect(divergence).toEqual({ kind: "exact", by: "vjp" });
    // Log-densities are known to a few times the tolerance of 1e-4; the trapezoidal rule adds less on a density this smooth.
    const mass = nats.reduce((sum, value) => sum + step * Math.exp(value), 0);
    expect(Math.abs(mass - 1)).toBeLessThan(1e-3);
    await model.dispose();
  });

  it("is estimated by probes where they are asked for, within their standard error", async () => {
    const sde = vp();
    const model = await modelOf(createNetwork("mlp:width=16", { shape: [2], classes: 0 }), sde, 512);
    const setting = { sde, model, points: values(40, 2), rtol: 1e-4, atol: 1e-4 };
    const exact = await logLikelihood(setting);
    const probed = await logLikelihood({ ...setting, divergence: { hutchinson: 64 }, seed: 3 });
    expect(probed.divergence).toMatchObject({ kind: "hutchinson", by: "vjp" });
    // Both solve their equations to a tolerance of 1e-4, in tens of steps.
    for (const [i, value] of probed.nats.entries()) {
      expect(Math.abs(value - exact.nats[i]!)).toBeLessThan(4 * probed.standardError![i]! + 1e-3);
    }
    await model.dispose();
  });
});
