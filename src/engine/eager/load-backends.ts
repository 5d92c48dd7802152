import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { TensorFlow } from "../types.js";
import { borrowKernels } from "./borrowed-kernels.js";
import { EagerEngine } from "./eager-engine.js";
import { repairKernels } from "./repair-kernels.js";
import { registerFilterGradient, registerTransposingMatMul } from "./wasm-kernels.js";

let cpu: Promise<TensorFlow> | undefined;
let wasm: Promise<TensorFlow> | undefined;

/** TensorFlow.js with its backend `cpu` registered and repaired; loads once. */
export function loadCpuBackend(): Promise<TensorFlow> {
  cpu ??= (async () => {
    const tf = await import("@tensorflow/tfjs-core");
    await import("@tensorflow/tfjs-backend-cpu");
    if (tf.getGradient(tf.Mean) === undefined) await import("../gradients/tfjs-gradients.generated.js");
    repairKernels(tf, "cpu");
    await hushed(tf, () => useOnce(tf));
    // From here on there is always a backend to return to.
    if (!isSet(tf.engine().backendName)) await tf.setBackend("cpu");
    return tf;
  })();
  return cpu;
}

function isSet(backend: string | undefined | null): boolean {
  return backend !== undefined && backend !== null && backend !== "";
}

/** Runs `action` in production mode, in which TensorFlow.js warns and advertises nothing. */
export async function hushed<T>(tf: TensorFlow, action: () => T | Promise<T>): Promise<T> {
  const production = tf.env().getBool("PROD");
  tf.env().set("PROD", true);
  try {
    return await action();
  } finally {
    tf.env().set("PROD", production);
  }
}

/** The cpu backend advertises another package at its first use. */
function useOnce(tf: TensorFlow): void {
  const backend = tf.engine().findBackend("cpu");
  backend.disposeData(backend.write(new Float32Array(1), [1], "float32"));
}

/** TensorFlow.js with its backend `wasm` initialised, its missing kernels added and its slow one replaced; loads once. */
export function loadWasmBackend(): Promise<TensorFlow> {
  wasm ??= (async () => {
    const tf = await loadCpuBackend();
    const backend = await import("@tensorflow/tfjs-backend-wasm");
    const entry = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
    backend.setWasmPaths(join(dirname(entry), "/"));
    const before = tf.engine().backendName;
    if (!(await tf.setBackend("wasm"))) throw new Error("the WebAssembly module did not start");
    await tf.setBackend(before);
    repairKernels(tf, "wasm");
    registerTransposingMatMul(tf);
    registerFilterGradient(tf);
    borrowKernels(tf, "wasm", {
      // ln(1 + x) as written, slopes lost in negative windows, fractions, and false for what is between −1 and 1.
      [tf.Log1p]: () => true,
      [tf.MaxPoolGrad]: () => true,
      [tf.FloorDiv]: () => true,
      [tf.Cast]: ({ dtype }) => dtype === "bool",
    });
    return tf;
  })();
  return wasm;
}

/** The engine that runs on plain JavaScript: slow, and the oracle of the others. */
export async function createCpuEngine(): Promise<EagerEngine> {
  const tf = await loadCpuBackend();
  return new EagerEngine(tf, "cpu", {
    name: "cpu",
    description: `TensorFlow.js ${tf.version_core}, cpu backend`,
    threads: 1,
  });
}

/** The engine that runs on WebAssembly. Throws when the module cannot start. */
export async function createWasmEngine(): Promise<EagerEngine> {
  const tf = await loadWasmBackend();
  return new EagerEngine(tf, "wasm", {
    name: "wasm",
    description: `TensorFlow.js ${tf.version_core}, wasm backend`,
    threads: 1,
  });
}
