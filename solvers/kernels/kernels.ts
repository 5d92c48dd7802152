import { KERNELS } from "./kernels.generated.js";

/** Addresses are in bytes; what each function computes, and its TypeScript twin, stands in `assembly/`. */
interface KernelFunctions {
  normals(
    quads: number,
    c0: number,
    c1: number,
    c2: number,
    c3: number,
    k0: number,
    k1: number,
    k2: number,
    k3: number,
    out: number,
  ): void;
  expRows(x: number, pairs: number, out: number): void;
  expm1Rows(x: number, pairs: number, out: number): void;
  scoreLine(
    x: number,
    pairs: number,
    out: number,
    components: number,
    centres: number,
    precisions: number,
    factors: number,
    cutoff: number,
    scratch: number,
  ): void;
  scorePlane: KernelFunctions["scoreLine"];
  scoreLineRows(
    x: number,
    alphas: number,
    sigmas: number,
    pairs: number,
    out: number,
    components: number,
    weights: number,
    means: number,
    deviations: number,
    negligible: number,
    scratch: number,
  ): void;
  scorePlaneRows: KernelFunctions["scoreLineRows"];
  squaredDistances(
    x: number,
    alphas: number,
    pairs: number,
    means: number,
    components: number,
    quads: number,
    out: number,
  ): void;
  addPulls(
    x: number,
    alphas: number,
    rows: number,
    means: number,
    weights: number,
    components: number,
    quads: number,
    out: number,
  ): void;
}

/** The WebAssembly kernels and the numbers of their memory, of which a caller may use all during a call. */
export interface Kernels extends KernelFunctions {
  readonly numbers: Float64Array;
}

/** What is used here of the WebAssembly interface, which neither ES2023 nor Node 20's types declare. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

let instance: Kernels | null | undefined;
let isWanted = true;

/**
 * The kernels of this thread, or null where they are switched off or WebAssembly SIMD is missing.
 *
 * Every caller has a twin in TypeScript with the same operations in the same order: the bits do not depend on which of them runs.
 */
export function kernels(): Kernels | null {
  if (!isWanted) return null;
  if (instance === undefined) instance = instantiate();
  return instance;
}

/** Switches the WebAssembly kernels of this thread off or on; results are the same bits, only slower without them. */
export function useKernels(wanted: boolean): void {
  isWanted = wanted;
}

function instantiate(): Kernels | null {
  const bytes = Uint8Array.from(atob(KERNELS), (character) => character.charCodeAt(0));
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    return hasKernels(exports) ? { ...exports, numbers: new Float64Array(exports.memory.buffer) } : null;
  } catch {
    // An engine without SIMD refuses the module.
    return null;
  }
}

function hasKernels(
  exports: object,
): exports is KernelFunctions & { readonly memory: { readonly buffer: ArrayBuffer } } {
  return "memory" in exports && "normals" in exports;
}
