import { afterAll, describe, expect, it } from "vitest";
import { UsageError } from "../../solvers/errors.js";
import { createEngine, parameterCount } from "../../src/engine/index.js";
import { lossFunction } from "../../src/training/loss-function.js";
import { compileNetwork } from "../../src/training/network-model.js";
import { initialParameters } from "../../src/training/networks/initial-parameters.js";
import { attention, attentionParameters } from "../../src/training/networks/layers.js";
import { createNetwork, NETWORKS } from "../../src/training/networks/registry.js";

const engine = await createEngine();
const oracle = await createEngine({ engine: "cpu" });
afterAll(async () => {
  await engine.dispose();
  await oracle.dispose();
});

const IMAGE = [4, 4, 2];
const CASES: readonly [string, readonly number[]][] = [
  ["mlp:width=6,depth=2", [3]],
  ["mlp:width=6,depth=1,embedding=fourier,frequencies=3,bandwidth=1.5", [3]],
  ["residual-mlp:width=6,depth=2", [3]],
  ["unet:channels=4,levels=2,frequencies=3", IMAGE],
  ["unet:channels=4,levels=1,attention=false", IMAGE],
  ["transformer:width=8,depth=1,heads=2,patch=2", IMAGE],
];

function values(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(1.7 * i + seed) + 0.3 * Math.cos(7 * i * seed));
}

function setUp(spec: string, shape: readonly number[], classes = 2) {
  const network = createNetwork(spec, { shape, classes });
  const start = initialParameters(network, 4);
  const parameters = start.map((value, i) => value + 0.1 * Math.sin(5 * i));
  const size = shape.reduce((product, length) => product * length, 1);
  const batch = 3;
  const x = values(batch * size, 1);
  const level = Float32Array.of(-0.9, 0.1, 0.8);
  const label = Float32Array.of(1, 0, 0, 0, 0, 1);
  return { network, start, parameters, batch, size, x, level, label };
}

describe("attention", () => {
  it("is softmax(Q Kᵀ/√d) V over the heads (Vaswani et al. 2017, eq. 1)", async () => {
    const [count, width, heads] = [3, 4, 2];
    const each = width / heads;
    const layout = attentionParameters("a", width);
    const flat = values(parameterCount(layout), 3);
    const program = await engine.compile({
      name: "attention",
      parameters: layout,
      inputs: [{ name: "x", shape: [1, count, width] }],
      build: (tf, [x], parameter) => [attention(tf, x!, heads, "a", parameter)],
    });
    const x = values(count * width, 5);
    const [out] = await program.run([flat, x]);
    const dense = (from: number, input: readonly number[], offset: number, to: number) =>
      Array.from({ length: to }, (_, j) =>
        input.reduce((sum, value, i) => sum + value * flat[offset + i * to + j]!, flat[offset + from * to + j]!),
      );
    const qkv = Array.from({ length: count }, (_, k) =>
      dense(width, [...x.subarray(k * width, (k + 1) * width)], 0, 3 * width),
    );
    const second = width * 3 * width + 3 * width;
    for (let k = 0; k < count; k++) {
      const mixed = Array.from({ length: width }, (_, i) => {
        const first = each * Math.floor(i / each);
        const scores = qkv.map((other) => {
          let product = 0;
          for (let d = first; d < first + each; d++) product += qkv[k]![d]! * other[width + d]!;
          return Math.exp(product / Math.sqrt(each));
        });
        const sum = scores.reduce((total, score) => total + score, 0);
        return scores.reduce((total, score, other) => total + (score / sum) * qkv[other]![2 * width + i]!, 0);
      });
      const expected = dense(width, mixed, second, width);
      // Four float32 sums of `width` products and an exponential, one after the other.
      const bound = 2 * (4 * width + 8) * 2 ** -24 * Math.max(1, ...expected.map(Math.abs));
      for (let i = 0; i < width; i++) expect(Math.abs(out![k * width + i]! - expected[i]!)).toBeLessThan(bound);
    }
    await program.dispose();
  });
});

describe("every network", () => {
  for (const [spec, shape] of CASES) {
    it(`${spec}: each row depends on its own state, level and class, and on nothing else`, async () => {
      const { network, parameters, batch, size, x, level, label } = setUp(spec, shape);
      const program = await compileNetwork(engine, network, batch);
      const ask = async (...inputs: Float32Array[]) => (await program.run([parameters, ...inputs]))[0]!;
      const base = await ask(x, level, label);
      expect(base.length).toBe(batch * size);
      expect(base.every(Number.isFinite)).toBe(true);
      const changed: Float32Array[][] = [
        [x.with(size + 1, 3), level, label],
        [x, level.with(1, 0.3), label],
        [x, level, label.with(3, 1)],
      ];
      for (const inputs of changed) {
        const other = await ask(...inputs);
        expect(other.slice(0, size)).toEqual(base.slice(0, size));
        expect(other.slice(2 * size)).toEqual(base.slice(2 * size));
        const row = other.slice(size, 2 * size);
        // The whole row answers, not only the coordinate that changed; a few small changes may be lost to rounding.
        const moved = row.filter((value, i) => value !== base[size + i]).length;
        expect(moved).toBeGreaterThan(0.8 * size);
      }
      await program.dispose();
    });

    it(`${spec}: its gradient is the derivative of its loss, on the oracle and on the engine`, async () => {
      const { network, parameters, batch, size, x, level, label } = setUp(spec, shape);
      const spectrum = lossFunction(network, batch);
      const inputs = [x, level, label, values(batch * size, 2), Float32Array.of(1, 0.5, 2)];
      const [fast, slow] = [await engine.compileGradient(spectrum), await oracle.compileGradient(spectrum)];
      const [mine, theirs] = [await fast.run(parameters, inputs), await slow.run(parameters, inputs)];
      const norm = Math.sqrt(theirs.gradient.reduce((sum, g) => sum + g * g, 0));
      // Sums of some hundred float32 products, in another order.
      expect(Math.abs(mine.loss - theirs.loss)).toBeLessThan(1e-5 * theirs.loss);
      for (const [i, g] of mine.gradient.entries()) expect(Math.abs(g - theirs.gradient[i]!)).toBeLessThan(1e-5 * norm);
      // Central difference along the gradient: error h² f‴/6 and rounding 2⁻²⁴ f/h.
      const h = 2e-2;
      const moved = (sign: number) => parameters.map((value, i) => value + (sign * h * theirs.gradient[i]!) / norm);
      const up = (await fast.run(moved(1), inputs)).loss;
      const down = (await fast.run(moved(-1), inputs)).loss;
      expect(Math.abs((up - down) / (2 * h) / norm - 1)).toBeLessThan(0.02);
      // Rows are weighted and averaged over coordinates, and their mean is the loss.
      const rows = Array.from(mine.auxiliary[0]!);
      expect(rows.reduce((sum, row) => sum + row, 0) / batch / mine.loss).toBeCloseTo(1, 5);
      await fast.dispose();
      await slow.dispose();
    });

    it(`${spec}: starts from the seed, with unit variance through its layers`, () => {
      const { network, start } = setUp(spec, shape);
      expect(start.length).toBe(parameterCount(network.parameters));
      expect(initialParameters(network, 4)).toEqual(start);
      expect(initialParameters(network, 5)).not.toEqual(start);
      let offset = 0;
      for (const { name, shape: own, standardDeviation, mean } of network.parameters) {
        const size = own.reduce((product, length) => product * length, 1);
        const piece = start.slice(offset, offset + size);
        offset += size;
        if (standardDeviation === 0) expect(piece.every((value) => value === mean)).toBe(true);
        else {
          const square = piece.reduce((sum, value) => sum + value * value, 0) / size;
          // χ² of `size` numbers: standard error √(2/size), four of them.
          expect(Math.abs(square / standardDeviation ** 2 - 1), name).toBeLessThan(4 * Math.sqrt(2 / size));
        }
      }
    });
  }

  it("has a name, a summary and options that are checked", () => {
    for (const { name, options } of NETWORKS) {
      const shape = name.endsWith("mlp") ? [2] : [8, 8, 1];
      expect(createNetwork(name, { shape, classes: 0 })).toMatchObject({ name, options, shape });
      expect(() => createNetwork(`${name}:frequencies=1.5`, { shape, classes: 0 })).toThrow(UsageError);
      expect(() => createNetwork(`${name}:embedding=none`, { shape, classes: 0 })).toThrow(/sinusoidal or fourier/);
      expect(() => createNetwork(`${name}:bandwidth=-1`, { shape, classes: 0 })).toThrow(/positive/);
    }
    expect(() => createNetwork("transformer:heads=3", { shape: [8, 8, 1], classes: 0 })).toThrow(/multiple of heads/);
    expect(() => createNetwork("transformer:patch=3", { shape: [8, 8, 1], classes: 0 })).toThrow(/multiples of patch/);
  });
});
