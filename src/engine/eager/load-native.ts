import type { NamedAttrMap } from "@tensorflow/tfjs-core";
import { reasonOf } from "../engine-error.js";
import type { TensorFlow } from "../types.js";
import { borrowKernels, type WrongKernels } from "./borrowed-kernels.js";
import { EagerEngine } from "./eager-engine.js";
import { hushed, loadCpuBackend } from "./load-backends.js";
import { repairKernels } from "./repair-kernels.js";

/** Packages that carry a native TensorFlow binding, best first. */
export const nativePackages = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"] as const;

/** Imports a package by name. */
export type Importer = (name: string) => Promise<unknown>;

/** What came of trying one native package. */
export interface NativeAttempt {
  readonly package: string;
  readonly outcome: "loaded" | "absent" | "binary-missing" | "library-missing" | "unsupported-node" | "failed";
  /** One line. */
  readonly detail: string;
}

/** An engine on the first native binding that really computes, and what became of every package tried. */
export async function loadNativeEngine(
  importPackage: Importer = (name) => import(name),
): Promise<{ readonly engine?: EagerEngine; readonly attempts: readonly NativeAttempt[] }> {
  const attempts: NativeAttempt[] = [];
  const core = await loadCpuBackend();
  for (const name of nativePackages) {
    try {
      // A package that failed may have left its kernels, of which the next one would warn one by one.
      const loaded = await hushed(core, () => importPackage(name));
      const { tf, backend, version, hasGpu } = await proveBinding(loaded);
      attempts.push({ package: name, outcome: "loaded", detail: `${name} ${version}` });
      const description = `${name} ${version}, native TensorFlow ${hasGpu ? "on a GPU" : "without a GPU"}`;
      const provider = hasGpu ? "cuda" : "cpu";
      return {
        engine: new EagerEngine(tf, backend, { name: "tensorflow", description, threads: 1, provider }),
        attempts,
      };
    } catch (error) {
      attempts.push(explain(name, error));
    }
  }
  return { attempts };
}

interface Binding {
  readonly tf: TensorFlow;
  readonly backend: string;
  readonly version: string;
  readonly hasGpu: boolean;
}

/** Those whose kernels were seen to. */
const repaired = new WeakSet<TensorFlow>();

/** A package may import and still not compute: multiplies 2 by 3 on it. */
async function proveBinding(loaded: unknown): Promise<Binding> {
  const module = unwrap(loaded);
  if (!isTensorFlow(module)) throw new Error("the package exports no TensorFlow.js");
  const tf = await loadCpuBackend();
  const backend = "tensorflow";
  const own = module.engine() === tf.engine() ? tf : module;
  const before = own.engine().backendName;
  let hasGpu = false;
  try {
    if (!(await module.setBackend(backend))) throw new Error("its backend did not start");
    const product = module.tidy(() => module.mul(module.scalar(2), module.scalar(3)).dataSync()[0]);
    const binding = module.backend();
    hasGpu = "isUsingGpuDevice" in binding && binding.isUsingGpuDevice === true;
    if (product !== 6) throw new Error(`its binding computes 2 × 3 = ${product}`);
    if (own === tf && !repaired.has(own)) {
      repaired.add(own);
      repairKernels(own, backend);
      borrowKernels(own, backend, wrongKernels(own));
    }
  } finally {
    if (own === tf) await own.setBackend(before);
  }
  return { tf: own, backend, version: packageVersion(loaded) ?? own.version_core, hasGpu };
}

/** Of tfjs-node 4.22: fractions from `FloorDiv`, and no padding by numbers. */
function wrongKernels(tf: TensorFlow): WrongKernels {
  const padded = [tf.Conv2D, tf.Conv2DBackpropInput, tf.Conv2DBackpropFilter, tf.DepthwiseConv2dNative];
  const pooled = [tf.MaxPool, tf.MaxPoolGrad, tf.AvgPool];
  const isByNumbers = ({ pad }: NamedAttrMap) => typeof pad !== "string";
  return {
    ...Object.fromEntries([...padded, ...pooled].map((name) => [name, isByNumbers])),
    [tf.FloorDiv]: () => true,
  };
}

function unwrap(loaded: unknown): unknown {
  if (typeof loaded === "object" && loaded !== null && !("engine" in loaded) && "default" in loaded)
    return loaded.default;
  return loaded;
}

function isTensorFlow(module: unknown): module is TensorFlow {
  return (
    typeof module === "object" && module !== null && "engine" in module && "setBackend" in module && "tidy" in module
  );
}

function packageVersion(loaded: unknown): string | undefined {
  const module = unwrap(loaded);
  if (typeof module !== "object" || module === null || !("version" in module)) return undefined;
  const version: unknown = module.version;
  if (typeof version !== "object" || version === null || !("tfjs-node" in version)) return undefined;
  return String(version["tfjs-node"]);
}

function explain(name: string, error: unknown): NativeAttempt {
  const reason = reasonOf(error);
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  const text = error instanceof Error ? error.message : reason;
  if ((code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") && text.includes(`'${name}'`)) {
    return { package: name, outcome: "absent", detail: `${name} is not installed` };
  }
  const library =
    /(lib[\w.+-]+\.so[\w.]*|[\w-]+\.dll|[\w.-]+\.dylib):? .*(cannot open|not found|no such|could not)/i.exec(text)?.[1];
  if (library !== undefined) {
    return {
      package: name,
      outcome: "library-missing",
      detail: `${name}: the shared library ${library} is missing - install CUDA and cuDNN, or tfjs-node for the CPU`,
    };
  }
  if (/tfjs_binding\.node|node-pre-gyp|napi-v\d+/i.test(text)) {
    return {
      package: name,
      outcome: "binary-missing",
      detail: `${name}: its native binary is missing - run: npm rebuild ${name}`,
    };
  }
  if (/is not a function|NODE_MODULE_VERSION|engine "node"|unsupported.*node/i.test(text)) {
    return {
      package: name,
      outcome: "unsupported-node",
      detail: `${name}: does not support Node ${process.versions.node} (${reason})`,
    };
  }
  return { package: name, outcome: "failed", detail: `${name}: ${reason}` };
}
