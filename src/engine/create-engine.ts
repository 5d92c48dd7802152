import { suggestion, UsageError } from "../../solvers/errors.js";
import { createCpuEngine, createWasmEngine } from "./eager/load-backends.js";
import { type Importer, loadNativeEngine } from "./eager/load-native.js";
import { EngineError, reasonOf } from "./engine-error.js";
import { engineNames } from "./engine-names.js";
import type { Engine, EngineAvailability, EngineName, EngineOptions, Provider } from "./types.js";

const providers: readonly Provider[] = ["cpu", "webgpu", "cuda"];

/** What a test may put in place of the packages on this machine. */
export interface EnginePackages {
  /** Imports optional packages (the native bindings, ONNX Runtime). */
  readonly importPackage?: Importer;
}

/**
 * An engine: the one asked for, or with `"auto"` the first that loads.
 * Throws `UsageError` for an unknown name or thread count, `EngineError` (`engine-unavailable`) when the engine asked for does not load.
 */
export async function createEngine(options: EngineOptions = {}, packages: EnginePackages = {}): Promise<Engine> {
  const { engine = "auto", provider = "cpu", threads = 1 } = options;
  if (engine !== "auto" && !engineNames.includes(engine)) {
    throw new UsageError(
      `engine: must be known, but got '${String(engine)}'.${suggestion(String(engine), ["auto", ...engineNames])}`,
    );
  }
  if (!providers.includes(provider)) {
    throw new UsageError(
      `provider: must be known, but got '${String(provider)}'.${suggestion(String(provider), providers)}`,
    );
  }
  if (!Number.isInteger(threads) || threads < 1) {
    throw new UsageError(
      `threads: must be a positive integer, but got ${threads} - pass the number of cores one run may use`,
    );
  }
  if (provider !== "cpu" && engine !== "auto" && engine !== "onnx") {
    throw new UsageError(
      `provider: '${provider}' belongs to the onnx engine, but got engine '${engine}' - choose engine 'onnx'`,
    );
  }
  // A provider other than the CPU is a wish for the onnx engine.
  const order = engine !== "auto" ? [engine] : provider !== "cpu" ? (["onnx"] as const) : engineNames;
  const reasons: string[] = [];
  for (const name of order) {
    const attempt = await tryEngine(name, { provider, threads }, packages);
    if (attempt.engine !== undefined) return attempt.engine;
    reasons.push(attempt.detail);
  }
  throw new EngineError(
    "engine-unavailable",
    `engine '${engine}': ${reasons.join("; ")} - or choose engine 'auto' to take what is present`,
  );
}

/** Every engine with whether it loads here and, if not, why. */
export async function engineReport(
  options: Omit<EngineOptions, "engine"> = {},
  packages: EnginePackages = {},
): Promise<EngineAvailability[]> {
  const { provider = "cpu", threads = 1 } = options;
  const report: EngineAvailability[] = [];
  for (const name of engineNames) {
    const { engine, detail } = await tryEngine(name, { provider, threads }, packages);
    if (engine === undefined) report.push({ name, available: false, detail });
    else report.push({ name, available: true, detail: engine.description, provider: engine.provider });
    await engine?.dispose();
  }
  return report;
}

interface Attempt {
  readonly engine?: Engine;
  readonly detail: string;
}

async function tryEngine(
  name: EngineName,
  settings: { provider: Provider; threads: number },
  packages: EnginePackages,
): Promise<Attempt> {
  try {
    switch (name) {
      case "tensorflow": {
        const { engine, attempts } = await loadNativeEngine(packages.importPackage);
        const detail = attempts.map((attempt) => attempt.detail).join("; ");
        return engine === undefined ? { detail } : { engine, detail };
      }
      case "onnx": {
        const { createOnnxEngine } = await import("./onnx/onnx-engine.js");
        return { engine: await createOnnxEngine(settings, packages.importPackage), detail: "" };
      }
      case "wasm":
        return { engine: await createWasmEngine(), detail: "" };
      case "cpu":
        return { engine: await createCpuEngine(), detail: "" };
    }
  } catch (error) {
    return { detail: reasonOf(error) };
  }
}
