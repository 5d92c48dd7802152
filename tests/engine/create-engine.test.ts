import { describe, expect, it } from "vitest";
import { UsageError } from "../../solvers/errors.js";
import { loadCpuBackend } from "../../src/engine/eager/load-backends.js";
import { loadNativeEngine } from "../../src/engine/eager/load-native.js";
import { createEngine, engineReport } from "../../src/engine/index.js";

/** What Node throws for a package that is not there. */
const absent = (name: string): never => {
  throw Object.assign(new Error(`Cannot find package '${name}' imported from /app/x.js`), {
    code: "ERR_MODULE_NOT_FOUND",
  });
};

/** Failures as the real packages raise them, and what is made of them. */
const failures: readonly { readonly outcome: string; readonly error: () => Error; readonly line: RegExp }[] = [
  {
    outcome: "binary-missing",
    error: () =>
      Object.assign(
        new Error(
          "The Node.js native addon module (tfjs_binding.node) can not be found at path: /app/node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node. \nPlease run command 'npm rebuild'",
        ),
        { code: "MODULE_NOT_FOUND" },
      ),
    line: /native binary is missing - run: npm rebuild @tensorflow\/tfjs-node-gpu/,
  },
  {
    outcome: "library-missing",
    error: () => new Error("libcudart.so.11.0: cannot open shared object file: No such file or directory"),
    line: /shared library libcudart\.so\.11\.0 is missing - install CUDA and cuDNN/,
  },
  {
    outcome: "unsupported-node",
    error: () => new TypeError("(0 , util_1.isNullOrUndefined) is not a function"),
    line: new RegExp(`does not support Node ${process.versions.node}`),
  },
  {
    outcome: "failed",
    error: () => new Error("something else\nwith a second line"),
    line: /tfjs-node-gpu: something else$/,
  },
];

/** A package that re-exports the core, as tfjs-node does, with `product` computing on its backend. */
async function standIn(product: number, registered = true): Promise<unknown> {
  const tf = await loadCpuBackend();
  if (tf.findBackendFactory("tensorflow") === null) {
    tf.registerBackend("tensorflow", () => tf.engine().findBackend("cpu"));
    for (const kernel of tf.getKernelsForBackend("cpu")) tf.registerKernel({ ...kernel, backendName: "tensorflow" });
  }
  return {
    ...tf,
    version: { "tfjs-node": "4.22.0" },
    tidy: (run: () => unknown) => (product === 6 ? tf.tidy(run as never) : product),
    setBackend: (name: string) => (registered || name !== "tensorflow" ? tf.setBackend(name) : Promise.resolve(false)),
  };
}

describe("native bindings", () => {
  it("are absent", async () => {
    const { engine, attempts } = await loadNativeEngine(async (name) => absent(name));
    expect(engine).toBeUndefined();
    expect(attempts.map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ["absent", "@tensorflow/tfjs-node-gpu is not installed"],
      ["absent", "@tensorflow/tfjs-node is not installed"],
    ]);
  });

  it.each(failures)("fail: $outcome, in one line, and the next package is tried", async ({ outcome, error, line }) => {
    const { engine, attempts } = await loadNativeEngine(async (name) => {
      if (name.endsWith("-gpu")) throw error();
      return absent(name);
    });
    expect(engine).toBeUndefined();
    expect(attempts.map((attempt) => attempt.outcome)).toEqual([outcome, "absent"]);
    expect(attempts[0]!.detail).toMatch(line);
    expect(attempts[0]!.detail).not.toContain("\n");
  });

  it("are refused when they load but do not compute, or do not start", async () => {
    const wrong = await loadNativeEngine(async () => standIn(7));
    expect(wrong.engine).toBeUndefined();
    expect(wrong.attempts[0]!.detail).toMatch(/its binding computes 2 × 3 = 7/);
    const stopped = await loadNativeEngine(async () => standIn(6, false));
    expect(stopped.attempts[0]!.detail).toMatch(/its backend did not start/);
    const foreign = await loadNativeEngine(async () => ({ hello: 1 }));
    expect(foreign.attempts[0]!.detail).toMatch(/exports no TensorFlow.js/);
  });

  it("are used when they compute", async () => {
    const packages = {
      importPackage: async (name: string) => (name.endsWith("tfjs-node") ? standIn(6) : absent(name)),
    };
    const engine = await createEngine({}, packages);
    expect(engine.name).toBe("tensorflow");
    expect(engine.description).toBe("@tensorflow/tfjs-node 4.22.0, native TensorFlow without a GPU");
    expect(engine.provider).toBe("cpu");
    const program = await engine.compile({
      name: "double",
      inputs: [{ name: "x", shape: [2] }],
      build: (tf, [x]) => [tf.mul(x!, 2)],
    });
    expect(await program.run([Float32Array.of(1, 2)])).toEqual([Float32Array.of(2, 4)]);
    await engine.dispose();
  });
});

it("a native binding with a GPU says so", async () => {
  const binding = { ...((await standIn(6)) as object), backend: () => ({ isUsingGpuDevice: true }) };
  const { engine } = await loadNativeEngine(async () => binding);
  expect([engine?.provider, engine?.description]).toEqual([
    "cuda",
    "@tensorflow/tfjs-node-gpu 4.22.0, native TensorFlow on a GPU",
  ]);
  await engine?.dispose();
});

describe("createEngine", () => {
  it("takes the next engine when the optional packages are absent, and says why", async () => {
    const packages = { importPackage: async (name: string) => absent(name) };
    const engine = await createEngine({ engine: "auto" }, packages);
    expect(engine.name).toBe("wasm");
    await engine.dispose();
    const report = await engineReport({}, packages);
    expect(report.map(({ name, available }) => [name, available])).toEqual([
      ["tensorflow", false],
      ["onnx", false],
      ["wasm", true],
      ["cpu", true],
    ]);
    expect(report[1]!.detail).toBe(
      "onnxruntime-node is not installed - run: npm install onnxruntime-node --ignore-scripts",
    );
    await expect(createEngine({ engine: "onnx" }, packages)).rejects.toMatchObject({
      code: "engine-unavailable",
      message: expect.stringMatching(/is not installed.*choose engine 'auto'/),
    });
  });

  it("reports a runtime that loads without its binary", async () => {
    const broken = async (name: string) => {
      if (name === "onnxruntime-node") throw new Error("libonnxruntime.so.1: cannot open shared object file");
      return absent(name);
    };
    const report = await engineReport({}, { importPackage: broken });
    expect(report[1]).toEqual({
      name: "onnx",
      available: false,
      detail: "onnxruntime-node does not load: libonnxruntime.so.1: cannot open shared object file",
    });
    const hollow = await engineReport(
      {},
      { importPackage: async (name) => (name === "onnxruntime-node" ? {} : absent(name)) },
    );
    expect(hollow[1]!.detail).toMatch(/exports no InferenceSession/);
  });

  it("says in one line which provider does not work", async () => {
    const refusing = async (name: string): Promise<unknown> =>
      name === "onnxruntime-node"
        ? {
            InferenceSession: {
              create: async () => Promise.reject(new Error("Failed to load shared library\nlong trace")),
            },
            Tensor: class {},
          }
        : absent(name);
    const failing = createEngine({ provider: "cuda" }, { importPackage: refusing });
    await expect(failing).rejects.toThrow(
      "engine 'auto': provider 'cuda' does not work here: Failed to load shared library - choose provider 'cpu' - or choose engine 'auto' to take what is present",
    );
  });

  it("refuses unknown names and wrong numbers", async () => {
    await expect(createEngine({ engine: "onxx" as "onnx" })).rejects.toThrow(
      /engine: must be known, but got 'onxx'. Did you mean 'onnx'/,
    );
    await expect(createEngine({ provider: "gpu" as "cpu" })).rejects.toThrow(UsageError);
    await expect(createEngine({ threads: 0 })).rejects.toThrow(/threads: must be a positive integer, but got 0/);
    await expect(createEngine({ engine: "wasm", provider: "webgpu" })).rejects.toThrow(
      /'webgpu' belongs to the onnx engine/,
    );
  });
});
