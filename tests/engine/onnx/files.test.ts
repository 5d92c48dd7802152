import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import {
  createEngine,
  exportOnnx,
  type FunctionSpec,
  loadOnnx,
  parameterCount,
  type Tensor,
  type TensorFlow,
} from "../../../src/engine/index.js";
import { onnxHere } from "../engines-here.js";
import { mlp, mlpLayout, spread } from "../test-functions.js";

const onnx = await onnxHere();
const folder = await mkdtemp(join(tmpdir(), "score-sde-onnx-"));
afterAll(async () => {
  await onnx?.dispose();
  await rm(folder, { recursive: true });
});

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/engine/${name}`, import.meta.url));

type Images = Parameters<TensorFlow["conv2d"]>[0];
type Filter = Parameters<TensorFlow["conv2d"]>[1];

/** A score network of points: time embedding, preconditioning with the batch inside shapes, constants as long as the batch. */
const points = (batch: number): FunctionSpec => ({
  name: "score",
  parameters: mlpLayout([8, 16, 2]),
  inputs: [
    { name: "x", shape: [batch, 2] },
    { name: "t", shape: [batch] },
  ],
  outputs: ["score"],
  build: (tf, [x, t], parameters) => {
    const angles = tf.mul(tf.reshape(t!, [batch, 1]), tf.linspace(1, 3, 3));
    const embedding = tf.concat([tf.sin(angles), tf.cos(angles)], 1);
    const raw = mlp(tf, tf.concat([x!, embedding], 1), parameters, 2);
    const sigma = tf.sqrt(tf.add(tf.square(t!), tf.ones([batch])));
    return [tf.div(tf.sub(raw, tf.mul(tf.fill([batch, 2], 0.5), x!)), tf.expandDims(sigma, 1))];
  },
});

/** Images: convolution, group norm, pooling, attention over pixels, enlarging, all with a free batch. */
const images = (batch: number): FunctionSpec => ({
  name: "images",
  parameters: [
    { name: "in", shape: [3, 3, 2, 4] },
    { name: "out", shape: [3, 3, 4, 2] },
  ],
  inputs: [{ name: "x", shape: [batch, 4, 4, 2] }],
  build: (tf, [x], parameter) => {
    let hidden: Tensor = tf.conv2d(x as Images, parameter("in") as Filter, 1, "same");
    const groups = tf.reshape(hidden, [batch, 16, 2, 2]);
    hidden = tf.reshape(tf.sub(groups, tf.mean(groups, [1, 3], true)), [batch, 4, 4, 4]);
    const low = tf.reshape(tf.avgPool(hidden as Images, 2, 2, "same"), [batch, 4, 4]);
    const mixed = tf.matMul(tf.softmax(tf.matMul(low, low, false, true)), low);
    const up = tf.image.resizeNearestNeighbor(tf.reshape(mixed, [batch, 2, 2, 4]) as Images, [4, 4]);
    const wide = tf.image.resizeBilinear(tf.reshape(low, [batch, 2, 2, 4]) as Images, [4, 4]);
    const tiled = tf.tile(tf.reshape(tf.range(0, 4), [1, 1, 1, 4]), [batch, 4, 4, 1]);
    const parts = tf.split(tf.add(tf.add(tf.add(hidden, up), wide), tiled), 2, 3);
    return [tf.conv2d(tf.concat(parts, 3) as Images, parameter("out") as Filter, 1, "same")];
  },
});

describe("exportOnnx", () => {
  it("refuses what no graph with a free batch can express", async () => {
    const spec = (build: FunctionSpec["build"]) => (batch: number) => ({
      name: "f",
      inputs: [{ name: "x", shape: [batch, 2] }],
      build,
    });
    await expect(exportOnnx({ at: spec((tf, [x]) => [tf.mul(x!, 1 / x!.shape[0]!)]) })).rejects.toThrow(
      /the values of constant 'b' depend on the batch size/,
    );
    await expect(
      exportOnnx({ at: spec((tf, [x]) => [tf.add(x!, tf.reshape(tf.range(0, 2 * x!.shape[0]!), x!.shape))]) }),
    ).rejects.toThrow(/depend on the batch size/);
    const lengthened = exportOnnx({
      at: spec((tf, [x]) => {
        const rows: [number, number][] = [
          [0, 11],
          [0, 0],
        ];
        return [tf.reshape(tf.pad(x!, rows), [-1])];
      }),
    });
    await expect(lengthened).rejects.toThrow(/a length is no multiple of the batch size/);
    await expect(exportOnnx({ at: spec((tf, [x]) => tf.unstack(x!)) })).rejects.toThrow(
      /length 0 of 'value' depends on the batch size/,
    );
    await expect(exportOnnx({ at: points, parameters: new Float32Array(3) })).rejects.toThrow(
      /layout holds 178 values, but got 3/,
    );
  });
});

describe.skipIf(onnx === undefined)("written and read files", () => {
  it.each([
    ["points", points],
    ["images", images],
  ] as const)("%s: run at every batch size like the function itself", async (name, at) => {
    const parameters = spread(parameterCount(at(1).parameters ?? []), 3, 0.7);
    const path = join(folder, `${name}.onnx`);
    await writeFile(
      path,
      await exportOnnx({ at, parameters, metadata: { sde: "vp", predicts: "score", dimension: "2" } }),
    );
    const model = await loadOnnx(path);
    expect(model.metadata).toEqual({ sde: "vp", predicts: "score", dimension: "2" });
    expect(model.producer).toBe("score-sde");
    const cpu = await createEngine({ engine: "cpu" });
    for (const batch of [1, 2, 5, 11]) {
      const spec = at(batch);
      expect(model.inputs.map((input) => input.shape!.length)).toEqual(spec.inputs.map(({ shape }) => shape.length));
      const given = spec.inputs.map(({ shape }, index) =>
        spread(
          shape.reduce((a, b) => a * b, 1),
          10 * batch + index,
        ),
      );
      const program = await cpu.compile(spec, { parameters });
      const [expected] = await program.run(given);
      const results = await model.run(
        Object.fromEntries(
          spec.inputs.map((input, index) => [input.name, { values: given[index]!, shape: input.shape }]),
        ),
      );
      const { values, shape } = results[model.outputs[0]!.name]!;
      expect([...shape]).toEqual(program.outputs[0]!.shape);
      const scale = Math.max(...expected!.map(Math.abs));
      // A handful of layers with sums of up to 36 terms: 5·36·u.
      const farthest = Math.max(...values.map((value, index) => Math.abs(value - expected![index]!)));
      expect(farthest).toBeLessThan(180 * 2 ** -24 * Math.max(1, scale));
      await program.dispose();
    }
    await model.dispose();
    await cpu.dispose();
  });

  it("describe their inputs and refuse others", async () => {
    const path = join(folder, "described.onnx");
    await writeFile(path, await exportOnnx({ at: points, parameters: new Float32Array(178) }));
    const model = await loadOnnx(path);
    expect(model.inputs).toEqual([
      { name: "x", dtype: "float32", shape: ["batch", 2] },
      { name: "t", dtype: "float32", shape: ["batch"] },
    ]);
    expect(model.outputs).toEqual([{ name: "score", dtype: "float32", shape: ["batch", 2] }]);
    const x = { values: new Float32Array(6), shape: [3, 2] };
    const t = { values: [1, 2, 3], shape: [3] };
    await expect(model.run({ x })).rejects.toThrow(/input 't' is missing/);
    await expect(model.run({ x, t, tt: t })).rejects.toThrow(/no input called 'tt'. Did you mean 't'/);
    await expect(model.run({ x, t: { values: [1, 2], shape: [2] } })).rejects.toThrow(
      /input 't': shape must be \[batch\], but got \[2\]/,
    );
    await expect(model.run({ x: { values: new Float32Array(9), shape: [3, 3] }, t })).rejects.toThrow(
      /shape must be \[batch, 2\], but got \[3, 3\]/,
    );
    expect((await model.run({ x, t })).score!.values.length).toBe(6);
    await model.dispose();
    await expect(model.run({ x, t })).rejects.toThrow(/disposed/);
  });

  it("come from elsewhere: whole-number times, a batch with another name, an initialiser among the inputs", async () => {
    const model = await loadOnnx(fixture("foreign.onnx"));
    expect(model.producer).toBe("elsewhere");
    expect(model.metadata).toEqual({});
    expect(model.inputs).toEqual([
      { name: "x", dtype: "float32", shape: ["n", 2] },
      { name: "t", dtype: "int64", shape: ["n"] },
    ]);
    const x = { values: [1, 2, 3, 4], shape: [2, 2] };
    const { eps } = await model.run({ x, t: { values: [10, 20], shape: [2] } });
    expect(eps).toEqual({ values: Float32Array.of(10, 20, 60, 80), shape: [2, 2] });
    const broken = model.run({ x, t: { values: [10, 20.5], shape: [2] } });
    await expect(broken).rejects.toThrow(/input 't': must hold whole numbers \(int64\), but got 20.5 at index 1/);
    await expect(model.run({ x, t: { values: [1], shape: [1] } })).rejects.toThrow(
      /shape must be \[n\], but got \[1\]/,
    );
    await model.dispose();
    const half = loadOnnx(fixture("half.onnx"));
    await expect(half).rejects.toMatchObject({
      code: "model-file",
      message: expect.stringMatching(/'x' has element type FLOAT16 - export/),
    });
  });

  it("are refused when missing, torn or foreign", async () => {
    await expect(loadOnnx(join(folder, "nowhere.onnx"))).rejects.toMatchObject({
      code: "model-file",
      message: expect.stringMatching(/cannot be read/),
    });
    const whole = await exportOnnx({ at: points, parameters: new Float32Array(178) });
    for (const [name, bytes] of [
      ["torn", whole.slice(0, whole.length - 40)],
      ["empty", new Uint8Array()],
      ["foreign", new TextEncoder().encode("PK\u0003\u0004 this is no model")],
    ] as const) {
      const path = join(folder, `${name}.onnx`);
      await writeFile(path, bytes);
      await expect(loadOnnx(path)).rejects.toMatchObject({ code: "model-file" });
    }
  });
});
