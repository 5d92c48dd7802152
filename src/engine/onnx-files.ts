import type { Importer } from "./eager/load-native.js";
import type { DoubleGradient } from "./onnx/double-gradient.js";
import type { OnnxExport } from "./onnx/export-onnx.js";
import type { OnnxModel, OnnxModelOptions } from "./onnx/load-onnx.js";
import type { LossSpec, PortableProgram, Program } from "./types.js";

// The ONNX schema and TensorFlow.js load with the first call, not with the import of this package.

/** See `exportOnnx` in onnx/export-onnx.ts: the bytes of an ONNX file whose batch size is free. */
export async function exportOnnx(spec: OnnxExport): Promise<Uint8Array> {
  const { exportOnnx: run } = await import("./onnx/export-onnx.js");
  return run(spec);
}

/** See `loadOnnx` in onnx/load-onnx.ts: a model read from an ONNX file. */
export async function loadOnnx(path: string, options: OnnxModelOptions = {}): Promise<OnnxModel> {
  const { loadOnnx: run } = await import("./onnx/load-onnx.js");
  return run(path, options);
}

/** See `compileDoubleGradient` in onnx/double-gradient.ts: a loss and its gradient in float64. */
export async function compileDoubleGradient(spec: LossSpec, importPackage?: Importer): Promise<DoubleGradient> {
  const { compileDoubleGradient: run } = await import("./onnx/double-gradient.js");
  return run(spec, importPackage);
}

/** A program that an engine of this version emitted, on one thread of the CPU, with the bits it has there; TensorFlow.js is not loaded. */
export async function openProgram(program: PortableProgram): Promise<Program> {
  const [{ loadRuntime }, { openProgram: open }] = await Promise.all([
    import("./onnx/load-runtime.js"),
    import("./onnx/open-program.js"),
  ]);
  return open(await loadRuntime(), program, { provider: "cpu", threads: 1 });
}
