import { afterAll, describe, expect, it } from "vitest";
import { UsageError } from "../../solvers/errors.js";
import { EngineError, type LossSpec, parameterCount } from "../../src/engine/index.js";
import { enginesHere } from "./engines-here.js";
import { mlpFunction, mlpLoss, spread } from "./test-functions.js";

const engines = await enginesHere(["cpu", "wasm", "tensorflow"]);
afterAll(() => Promise.all(engines.map((engine) => engine.dispose())));

/** ½‖Wx‖² has the gradient W x xᵀ: known by hand. */
const quadratic: LossSpec = {
  name: "quadratic",
  parameters: [
    { name: "w", shape: [2, 2] },
    { name: "unused", shape: [1] },
  ],
  inputs: [{ name: "x", shape: [2, 1] }],
  loss: (tf, [x], parameters) => {
    const y = tf.matMul(parameters("w"), x!);
    return [tf.mul(0.5, tf.sum(tf.square(y))), y];
  },
};

describe.each(engines)("$name", (engine) => {
  it("gives loss, gradient and auxiliary outputs of a quadratic form exactly", async () => {
    const program = await engine.compileGradient(quadratic);
    const { loss, gradient, auxiliary } = await program.run(Float32Array.of(1, 2, 3, 4, 9), [Float32Array.of(1, -1)]);
    // W x = (-1, -1): loss 1, gradient (Wx)xᵀ; small integers are exact in float32. A parameter that is not used has gradient 0.
    expect(loss).toBe(1);
    expect([...gradient]).toEqual([-1, 1, -1, 1, 0]);
    expect(auxiliary.map((values) => [...values])).toEqual([[-1, -1]]);
    expect(program.auxiliary).toEqual([{ name: "auxiliary0", shape: [2, 1], dtype: "float32" }]);
    await program.dispose();
  });

  it("fixes parameters inside a program", async () => {
    const spec = mlpFunction(5, [3, 8, 2]);
    const parameters = spread(parameterCount(spec.parameters ?? []), 1);
    const x = spread(15, 2);
    const open = await engine.compile(spec);
    const fixed = await engine.compile(spec, { parameters });
    expect(open.inputs.map(({ name }) => name)).toEqual(["parameters", "x"]);
    expect(fixed.inputs.map(({ name }) => name)).toEqual(["x"]);
    expect(fixed.outputs).toEqual([{ name: "y", shape: [5, 2], dtype: "float32" }]);
    expect(await fixed.run([x])).toEqual(await open.run([parameters, x]));
    await Promise.all([open.dispose(), fixed.dispose()]);
  });

  it("refuses wrong inputs by name", async () => {
    const program = await engine.compile(mlpFunction(2, [3, 4, 1]), { parameters: new Float32Array(21) });
    await expect(program.run([])).rejects.toThrow(/takes 1 inputs \(x\), but got 0/);
    await expect(program.run([new Float32Array(5)])).rejects.toThrow(
      /input 'x': shape \[2, 3\] holds 6 values, but got 5/,
    );
    await expect(program.run([new Int32Array(6)])).rejects.toThrow(/must be a Float32Array, but got Int32Array/);
    await expect(program.run([new Float32Array(new SharedArrayBuffer(24))])).rejects.toThrow(/shared memory/);
    const holed = Float32Array.of(0, 0, Number.NaN, 0, 0, 0);
    await expect(program.run([holed], { finite: true })).rejects.toThrow(/must be finite, but got NaN at index 2/);
    expect(Number.isNaN((await program.run([holed]))[0]![0])).toBe(true);
    await program.dispose();
    await expect(program.run([new Float32Array(6)])).rejects.toThrow(UsageError);
  });

  it("stops between runs when the signal is aborted", async () => {
    const program = await engine.compile(mlpFunction(2, [3, 4, 1]), { parameters: new Float32Array(21) });
    const controller = new AbortController();
    controller.abort(new Error("enough"));
    await expect(program.run([new Float32Array(6)], { signal: controller.signal })).rejects.toThrow("enough");
    await program.dispose();
  });

  it("refuses bad specifications and wraps the function's own failure", async () => {
    const spec = mlpFunction(2, [3, 4, 1]);
    await expect(engine.compile(spec, { parameters: new Float32Array(20) })).rejects.toThrow(
      /layout holds 21 values, but got 20/,
    );
    await expect(engine.compile({ ...spec, inputs: [{ name: "x", shape: [2, -3] }] })).rejects.toThrow(
      /non-negative integers/,
    );
    const misnamed = {
      ...spec,
      build: (_tf: unknown, _x: unknown, parameters: (name: string) => never) => [parameters("kernal0")],
    };
    await expect(engine.compile(misnamed)).rejects.toThrow(/no parameter is called 'kernal0'. Did you mean 'kernel0'/);
    const broken = engine.compile({
      name: "broken",
      inputs: [{ name: "x", shape: [2, 3] }],
      build: (tf, [x]) => [tf.matMul(x!, x!)],
    });
    await expect(broken).rejects.toMatchObject({ code: "build-failed" });
    await expect(broken).rejects.toThrow(EngineError);
    const vector = engine.compileGradient({
      ...quadratic,
      loss: (tf, [x], parameters) => tf.matMul(parameters("w"), x!),
    });
    await expect(vector).rejects.toThrow(/loss must be a float32 scalar, but got float32 of shape \[2, 1\]/);
  });

  it("compiles one function at one shape once, and keeps it until its last holder lets go", async () => {
    let built = 0;
    const spec = {
      ...quadratic,
      loss: (...given: Parameters<LossSpec["loss"]>) => {
        built += 1;
        return quadratic.loss(...given);
      },
    };
    const first = await engine.compileGradient(spec);
    const builtOnce = built;
    const second = await engine.compileGradient(spec);
    expect(built).toBe(builtOnce);
    await first.dispose();
    const { loss } = await second.run(new Float32Array(5), [new Float32Array(2)]);
    expect(loss).toBe(0);
    await second.dispose();
  });

  it("leaves no tensor behind", async () => {
    const tf = await import("@tensorflow/tfjs-core");
    const spec = mlpLoss(4, [3, 8, 2]);
    const program = await engine.compileGradient(spec);
    const inputs = [spread(12, 1), spread(8, 2), spread(4, 3)];
    const parameters = spread(program.parameterCount, 4);
    await program.run(parameters, inputs);
    const before = tf.memory().numTensors;
    await program.run(parameters, inputs);
    expect(tf.memory().numTensors).toBe(before);
    await program.dispose();
  });
});
