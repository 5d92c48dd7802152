import type { Importer } from "../eager/load-native.js";
import { EngineError, reasonOf } from "../engine-error.js";
import type { Provider } from "../types.js";

/** Element arrays that the runtime takes and gives. */
export type RuntimeData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

export interface RuntimeTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

/** Name, type and shape of an input or output of a session; lengths that are free have names. */
export interface RuntimeValueInfo {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
}

export interface RuntimeSession {
  readonly inputMetadata: readonly RuntimeValueInfo[];
  readonly outputMetadata: readonly RuntimeValueInfo[];
  run(feeds: Readonly<Record<string, RuntimeTensor>>): Promise<Readonly<Record<string, RuntimeTensor>>>;
  release(): Promise<void>;
}

/** The part of onnxruntime-node that is used here. The package is optional, so its own types may be absent. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array | string, options: Readonly<Record<string, unknown>>): Promise<RuntimeSession>;
  };
  readonly Tensor: new (type: string, data: RuntimeData, dims: readonly number[]) => RuntimeTensor;
  readonly version: string;
}

/** How sessions run. */
export interface SessionSettings {
  readonly provider: Provider;
  readonly threads: number;
  /** How far the graph is rewritten; default 'all'. */
  readonly optimisation?: "basic" | "all";
}

/** onnxruntime-node, loaded. Throws `EngineError` (`engine-unavailable`) when it is not installed or does not load. */
export async function loadRuntime(importPackage: Importer = (name) => import(name)): Promise<OnnxRuntime> {
  const name = "onnxruntime-node";
  let loaded: unknown;
  try {
    loaded = await importPackage(name);
  } catch (error) {
    const reason = reasonOf(error);
    const absent = /cannot find (package|module)/i.test(reason) && reason.includes(name);
    throw new EngineError(
      "engine-unavailable",
      absent
        ? `${name} is not installed - run: npm install ${name} --ignore-scripts`
        : `${name} does not load: ${reason}`,
      {
        cause: error,
      },
    );
  }
  const module = hasSessions(loaded)
    ? loaded
    : typeof loaded === "object" && loaded !== null && "default" in loaded
      ? loaded.default
      : loaded;
  if (!hasSessions(module))
    throw new EngineError("engine-unavailable", `${name} exports no InferenceSession - reinstall it`);
  return {
    InferenceSession: module.InferenceSession,
    Tensor: module.Tensor,
    version: module.env?.versions?.node ?? "unknown",
  };
}

/** A session for an ONNX graph, given as bytes or path; `wayOut` is what to do when it is refused. Throws `EngineError` (`compile-failed`) with the runtime's reason. */
export async function createSession(
  runtime: OnnxRuntime,
  name: string,
  model: Uint8Array | string,
  settings: SessionSettings,
  wayOut = "choose engine 'wasm'",
): Promise<RuntimeSession> {
  try {
    return await runtime.InferenceSession.create(model, {
      executionProviders: [settings.provider],
      intraOpNumThreads: settings.threads,
      interOpNumThreads: 1,
      executionMode: "sequential",
      graphOptimizationLevel: settings.optimisation ?? "all",
      logSeverityLevel: 4,
    });
  } catch (error) {
    const other = settings.provider === "cpu" ? "" : " or provider 'cpu'";
    throw new EngineError(
      "compile-failed",
      `${name}: ONNX Runtime refuses the graph on provider '${settings.provider}': ${reasonOf(error)} - ${wayOut}${other}`,
      {
        cause: error,
      },
    );
  }
}

/** One run of a session; `wayOut` is what to do when it fails. Throws `EngineError` (`run-failed`) with the runtime's reason. */
export async function runSession(
  name: string,
  session: RuntimeSession,
  feeds: Readonly<Record<string, RuntimeTensor>>,
  wayOut = "check the inputs, or choose engine 'wasm'",
): Promise<Readonly<Record<string, RuntimeTensor>>> {
  try {
    return await session.run(feeds);
  } catch (error) {
    throw new EngineError("run-failed", `${name}: ONNX Runtime failed: ${reasonOf(error)} - ${wayOut}`, {
      cause: error,
    });
  }
}

interface RuntimeModule {
  readonly InferenceSession: OnnxRuntime["InferenceSession"];
  readonly Tensor: OnnxRuntime["Tensor"];
  readonly env?: { readonly versions?: { readonly node?: string } };
}

function hasSessions(module: unknown): module is RuntimeModule {
  return typeof module === "object" && module !== null && "InferenceSession" in module && "Tensor" in module;
}
