import { afterAll, describe, expect, it } from "vitest";
import { compileDoubleGradient, type LossSpec, parameterCount, sizeOf, type Values } from "../../src/engine/index.js";
import { enginesHere } from "./engines-here.js";
import { mlpLoss, spread } from "./test-functions.js";
import { transformerLoss, unetLoss } from "./test-networks.js";

/** The oracle first. */
const engines = await enginesHere(["cpu", "wasm", "tensorflow", "onnx"]);
const onnx = engines.find(({ name }) => name === "onnx");
afterAll(() => Promise.all(engines.map((engine) => engine.dispose())));

/**
 * Losses with `depth`, the number of matrix products and reductions in a row (forward and backward), and `terms`, the longest sum in one of them.
 * `constants` is the rounding of a constant that only the gradient contains: 2/√π of erf is stored in float32.
 * Each sum has relative error ≤ terms·u, so the whole is within depth·terms·u of the exact gradient, relative to its largest entry.
 */
const losses: readonly {
  readonly spec: LossSpec;
  readonly depth: number;
  readonly terms: number;
  readonly constants?: number;
}[] = [
  { spec: mlpLoss(64, [3, 32, 32, 32, 2]), depth: 10, terms: 64 },
  { spec: unetLoss(3, 8, 4), depth: 24, terms: 3 * 64 },
  { spec: transformerLoss(3, 6, 8), depth: 20, terms: 3 * 6 * 8, constants: 2 ** -24 },
];

function inputsOf(spec: LossSpec, seed: number): Values[] {
  return spec.inputs.map(({ shape, dtype }, index) => {
    const values = spread(sizeOf(shape), seed + 17 * index);
    return dtype === "int32" ? Int32Array.from(values, (value) => Math.floor(1.5 * (value + 1))) : values;
  });
}

const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  largest(Array.from(a, (value, index) => value - b[index]!));

describe.each(losses)("$spec.name", ({ spec, depth, terms, constants = 0 }) => {
  const tolerance = depth * terms * 2 ** -24;

  it("has one loss and one gradient on every engine, at random parameters", async () => {
    const programs = await Promise.all(engines.map((engine) => engine.compileGradient(spec)));
    for (const seed of [1, 2, 3]) {
      const parameters = spread(parameterCount(spec.parameters), seed, 0.5);
      const inputs = inputsOf(spec, 100 * seed);
      const results = [];
      for (const program of programs) results.push(await program.run(parameters, inputs));
      const [oracle, ...others] = results;
      for (const { loss, gradient, auxiliary } of others) {
        expect(Math.abs(loss - oracle!.loss)).toBeLessThanOrEqual(tolerance * Math.abs(oracle!.loss));
        expect(farthest(gradient, oracle!.gradient)).toBeLessThanOrEqual(2 * tolerance * largest(oracle!.gradient));
        for (const [index, values] of auxiliary.entries()) {
          expect(farthest(values, oracle!.auxiliary[index]!)).toBeLessThanOrEqual(
            2 * tolerance * largest(oracle!.auxiliary[index]!),
          );
        }
      }
    }
    for (const program of programs) await program.dispose();
  });

  it.skipIf(onnx === undefined)(
    "has the gradient of its central differences, in float64 from the same trace",
    async () => {
      const exact = await compileDoubleGradient(spec);
      const parameters = Float64Array.from(spread(parameterCount(spec.parameters), 7, 0.5));
      const inputs = inputsOf(spec, 40).map((values) =>
        values instanceof Int32Array ? values : Float64Array.from(values),
      );
      const { loss, gradient } = await exact.run(parameters, inputs);
      // Along random directions v: (L(p + hv) - L(p - hv))/2h = ∇L·v + h²L'''/6. With h = 1e-5 the truncation is ~1e-10 and the rounding
      // terms·u₆₄·L/h ~ 200·1e-16·1/1e-5 = 2e-9.
      const h = 1e-5;
      for (const seed of [1, 2, 3, 4]) {
        const direction = spread(parameters.length, seed);
        const along = (step: number): Promise<{ loss: number }> =>
          exact.run(
            parameters.map((value, index) => value + step * direction[index]!),
            inputs,
          );
        const [up, down] = [await along(h), await along(-h)];
        const slope = gradient.reduce((sum, value, index) => sum + value * direction[index]!, 0);
        expect(Math.abs((up.loss - down.loss) / (2 * h) - slope)).toBeLessThan(
          (1e-8 + constants) * Math.max(1, Math.abs(slope), loss),
        );
      }
      // And the float32 gradient is that one, rounded.
      const program = await onnx!.compileGradient(spec);
      const single = await program.run(Float32Array.from(parameters), inputsOf(spec, 40));
      expect(farthest(single.gradient, gradient)).toBeLessThanOrEqual(tolerance * largest(gradient));
      await Promise.all([exact.dispose(), program.dispose()]);
    },
  );
});

it("has one loss and one gradient on every engine at 100 checkpoints of a training run", async () => {
  const spec = mlpLoss(16, [3, 16, 16, 2]);
  const programs = await Promise.all(engines.map((engine) => engine.compileGradient(spec)));
  const parameters = spread(parameterCount(spec.parameters), 11, 0.4);
  const x = spread(48, 12);
  const target = Float32Array.from({ length: 32 }, (_, index) => Math.sin(3 * x[(index >> 1) * 3 + (index & 1)]!));
  const inputs = [x, target, new Float32Array(16).fill(1)];
  const tolerance = 8 * 16 * 2 ** -24;
  let first = Number.NaN;
  let last = Number.NaN;
  for (let step = 0; step < 100; step++) {
    const results = [];
    for (const program of programs) results.push(await program.run(parameters, inputs));
    const [own, ...others] = results;
    for (const other of others) {
      // The loss is a mean of squares of differences of the size of √loss, each known to `tolerance`.
      expect(Math.abs(other.loss - own!.loss)).toBeLessThanOrEqual(tolerance * (own!.loss + Math.sqrt(own!.loss)));
      const size = Math.max(largest(own!.gradient), Math.sqrt(own!.loss));
      expect(farthest(other.gradient, own!.gradient)).toBeLessThanOrEqual(2 * tolerance * size);
    }
    own!.gradient.forEach((slope, index) => {
      parameters[index]! -= 0.1 * slope;
    });
    if (step === 0) first = own!.loss;
    last = own!.loss;
  }
  expect(last).toBeLessThan(first / 2);
  for (const program of programs) await program.dispose();
});
