import { afterAll, describe, expect, it } from "vitest";
import type { FunctionSpec, Tensor, TensorFlow } from "../../src/engine/index.js";
import { createEngine } from "../../src/engine/index.js";
import { traceSpec } from "../../src/engine/onnx/compile-trace.js";
import { onnxHere } from "./engines-here.js";

const onnx = await onnxHere();
const cpu = await createEngine({ engine: "cpu" });
const tf: TensorFlow = await import("@tensorflow/tfjs-core");
afterAll(() => Promise.all([onnx?.dispose(), cpu.dispose()]));

const unaryOf = (build: (tf: TensorFlow, x: Tensor) => Tensor): FunctionSpec => ({
  name: "f",
  inputs: [{ name: "x", shape: [2, 3] }],
  build: (module, [x]) => [build(module, x!)],
});
const trace = (build: (tf: TensorFlow, x: Tensor) => Tensor) => traceSpec(tf, unaryOf(build), undefined);

describe("tracing", () => {
  it("refuses a random function by comparing two traces", () => {
    expect(() => trace((module, x) => module.add(x, module.randomNormal([2, 3])))).toThrow(
      /f: a constant changes \(.*\) in Add between two builds.*pass that as an input/,
    );
  });

  it("refuses a captured number that changes, as constant, attribute or number of operations", () => {
    let step = 0;
    expect(() => trace((module, x) => module.mul(x, ++step))).toThrow(/a constant changes \(1, then 2\) in Multiply/);
    expect(() => trace((module, x) => module.leakyRelu(x, ++step / 8))).toThrow(/an attribute of LeakyRelu changes/);
    expect(() =>
      trace((module, x) => {
        step += 1;
        return step % 2 === 0 ? module.exp(x) : module.exp(module.neg(x));
      }),
    ).toThrow(/the number of operations changes/);
    expect(() => trace((module, x) => module.add(x, module.scalar(Number.NaN)))).not.toThrow();
  });

  it("refuses to give a value away, but reads constants", () => {
    expect(() => trace((module, x) => module.mul(x, x.dataSync()[0]!))).toThrow(
      /f: the function reads the value of a tensor/,
    );
    expect(() => trace((module, x) => module.mul(module.neg(x), module.neg(x).arraySync() as number[][]))).toThrow(
      /reads the value/,
    );
    expect(() => trace((module, x) => module.mul(x, module.scalar(3).dataSync()[0]!))).not.toThrow();
  });

  it("names a kernel without a rule, and a call that a rule does not cover", () => {
    expect(() => trace((module, x) => module.cumprod(x, 1))).toThrow(/no rule for the TensorFlow.js kernel 'Cumprod'/);
    expect(() => trace((module, x) => module.stridedSlice(x, [1, 2], [0, 0], [-1, -1]))).toThrow(
      /StridedSlice on \[2, 3\]: only positive strides are covered/,
    );
    for (const run of [
      () => trace((module, x) => module.cumprod(x)),
      () => trace((module, x) => module.mul(x, x.dataSync())),
    ]) {
      expect(run).toThrow(expect.objectContaining({ code: expect.stringMatching(/unmapped-kernel|value-read/) }));
    }
  });

  it("folds what depends on no input, drops what no output needs, and captures foreign tensors as constants", async () => {
    await tf.setBackend("cpu");
    const foreign = tf.tensor1d([1, 2, 3]);
    const { nodes } = trace((module, x) => {
      module.exp(x);
      const frequencies = module.exp(module.linspace(0, 1, 3));
      return module.mul(module.mul(module.clone(x), module.mul(frequencies, foreign)), 1);
    });
    expect(nodes.map(({ kernel }) => kernel)).toEqual(["Multiply", "Multiply"]);
    const folded = nodes[0]!.inputs.b!.constant!;
    [1, 2, 3].forEach((factor, index) => {
      // Two float32 roundings of values below 10.
      expect(Math.abs(folded[index]! - factor * Math.exp(index / 2))).toBeLessThan(3 * 2 ** -24 * 10);
    });
    foreign.dispose();
  });

  it("leaves the backend, the scopes and the number of tensors as they were, even when the function throws", async () => {
    await tf.setBackend("cpu");
    const before = tf.memory().numTensors;
    trace((module, x) => module.exp(x));
    expect(() =>
      trace((module, x) => {
        module.exp(x);
        throw new Error("half way");
      }),
    ).toThrow(/f: half way/);
    expect(tf.getBackend()).toBe("cpu");
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe.skipIf(onnx === undefined)("the onnx engine", () => {
  it("keeps inputs that a function ignores, passes inputs and constants through, and turns booleans into 0 and 1", async () => {
    const program = await onnx!.compile({
      name: "odd",
      inputs: [
        { name: "x", shape: [2] },
        { name: "ignored", shape: [3] },
        { name: "index", shape: [2], dtype: "int32" },
      ],
      build: (module, [x, , index]) => [x!, module.scalar(7), module.greater(x!, 0), module.add(index!, index!)],
    });
    const results = await program.run([Float32Array.of(-1, 2), new Float32Array(3), Int32Array.of(3, 4)]);
    expect(results).toEqual([Float32Array.of(-1, 2), Float32Array.of(7), Int32Array.of(0, 1), Int32Array.of(6, 8)]);
    expect(program.outputs.map(({ dtype }) => dtype)).toEqual(["float32", "float32", "int32", "int32"]);
    await program.dispose();
    const late = program.run([Float32Array.of(-1, 2), new Float32Array(3), Int32Array.of(3, 4)]);
    await expect(late).rejects.toThrow(/disposed/);
  });

  it("gives the same bits again, and results that later runs do not overwrite", async () => {
    const program = await onnx!.compile(unaryOf((module, x) => module.tanh(module.matMul(x, x, true))));
    const x = Float32Array.of(0.3, 0.7, 1.1, -0.4, 2, -1.5);
    const [first] = await program.run([x]);
    const copy = first!.slice();
    await program.run([x.map((value) => -2 * value)]);
    expect(first).toEqual(copy);
    expect((await program.run([x]))[0]).toEqual(copy);
    await program.dispose();
  });

  it("wraps what the runtime refuses at run time", async () => {
    const program = await onnx!.compile({
      name: "lookup",
      inputs: [
        { name: "table", shape: [3, 1] },
        { name: "index", shape: [2], dtype: "int32" },
      ],
      build: (module, [table, index]) => [module.gather(table!, index as Parameters<TensorFlow["gather"]>[1])],
    });
    const outside = program.run([new Float32Array(3), Int32Array.of(0, 9)]);
    await expect(outside).rejects.toMatchObject({
      code: "run-failed",
      message: expect.stringMatching(/^lookup: ONNX Runtime failed: .*9/),
    });
    expect((await program.run([Float32Array.of(5, 6, 7), Int32Array.of(2, 0)]))[0]).toEqual(Float32Array.of(7, 5));
    await program.dispose();
  });
});

describe.skipIf(onnx === undefined)("gradients of gradients", () => {
  it("agree with the cpu engine (Hessian-vector product of Σ x³·sin x)", async () => {
    const spec = unaryOf((module, x) => {
      const slope = (y: Tensor): Tensor =>
        module.grad((z: Tensor) => module.sum(module.mul(module.pow(z, 3), module.sin(z))))(y);
      return module.grad((y: Tensor) => module.sum(module.mul(slope(y), 0.5)))(x);
    });
    const x = Float32Array.of(0.3, 0.7, 1.1, -0.4, 2, -1.5);
    for (const engine of [cpu, onnx!]) {
      const program = await engine.compile(spec);
      const [values] = await program.run([x]);
      x.forEach((at, index) => {
        const exact = 0.5 * (6 * at * Math.sin(at) + 6 * at * at * Math.cos(at) - at ** 3 * Math.sin(at));
        // About a dozen float32 operations on terms up to 6·4·1.
        expect(Math.abs(values![index]! - exact)).toBeLessThan(16 * 2 ** -24 * 24);
      });
      await program.dispose();
    }
  });
});
