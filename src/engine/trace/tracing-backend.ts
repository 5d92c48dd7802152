import type {
  DataId,
  DataType,
  KernelBackend,
  NamedAttrMap,
  NamedTensorInfoMap,
  TensorInfo,
} from "@tensorflow/tfjs-core";
import { EngineError } from "../engine-error.js";
import type { TensorFlow } from "../types.js";
import { KernelCall } from "./kernel-call.js";
import type { ConstantValues, Shaped, TracedValue, TraceNode, TraceType } from "./trace.js";

/** Name under which the tracing backend is registered with TensorFlow.js. */
export const tracingBackend = "score-sde-trace";

/** Shapes and types of a kernel's outputs, from its call. */
export type Inference = (call: KernelCall) => Shaped | readonly Shaped[];

/** Collects what kernels are asked for while one function is built. */
export class Recorder {
  readonly nodes: TraceNode[] = [];
  readonly #tf: TensorFlow;
  readonly #values = new WeakMap<object, TracedValue>();
  #count = 0;

  constructor(tf: TensorFlow) {
    this.#tf = tf;
  }

  /** A placeholder, or a constant when values are given, and the identity under which TensorFlow.js will hand it back. */
  add({ shape, dtype }: Shaped, constant?: ConstantValues): { readonly value: TracedValue; readonly dataId: object } {
    const value: TracedValue = {
      id: this.#count++,
      shape: [...shape],
      dtype,
      ...(constant === undefined ? {} : { constant }),
    };
    const dataId = {};
    this.#values.set(dataId, value);
    return { value, dataId };
  }

  /** The value behind a tensor; one that lives on another backend is captured as a constant. */
  find(info: TensorInfo): TracedValue {
    const known = this.#values.get(info.dataId);
    if (known !== undefined) return known;
    const owner = this.#tf.engine().state.tensorInfo.get(info.dataId);
    if (owner === undefined)
      throw new EngineError("build-failed", "a tensor was used after it had been disposed - keep it with tf.keep");
    const { value } = this.add(
      { shape: info.shape, dtype: traceType(info.dtype) },
      constantCopy(owner.backend.readSync(info.dataId)),
    );
    this.#values.set(info.dataId, value);
    return value;
  }

  /** The values of a constant; throws for anything computed from an input. */
  read(dataId: object): ConstantValues {
    const value = this.#values.get(dataId);
    if (value?.constant === undefined) {
      throw new EngineError(
        "value-read",
        "the function reads the value of a tensor (dataSync, arraySync, print, a condition on a tensor) - the onnx engine builds it once without values; use tf.where or an input instead",
      );
    }
    return value.constant.slice();
  }

  /** Records one kernel and returns what it gives. */
  record(kernel: string, inputs: NamedTensorInfoMap, attrs: NamedAttrMap, infer: Inference): TensorInfo | TensorInfo[] {
    const named = Object.fromEntries(
      Object.entries(inputs).flatMap(([name, info]) =>
        info === undefined || info === null ? [] : [[name, this.find(info)] as const],
      ),
    );
    const shaped = infer(new KernelCall(kernel, named, attrs));
    const list = isList(shaped) ? shaped : [shaped];
    const made = list.map((output) => this.add(output));
    this.nodes.push({ kernel, inputs: named, attrs: { ...attrs }, outputs: made.map(({ value }) => value) });
    const infos = made.map(({ value, dataId }) => ({ dataId, shape: [...value.shape], dtype: value.dtype }));
    return isList(shaped) ? infos : infos[0]!;
  }
}

/** Registers the tracing backend once; `recorder` tells where its kernels write at the moment. */
export function registerTracingBackend(
  tf: TensorFlow,
  rules: ReadonlyMap<string, Inference>,
  recorder: () => Recorder,
): void {
  if (tf.findBackendFactory(tracingBackend) !== null) return;
  class TracingBackend extends tf.KernelBackend {
    override write(values: unknown, shape: number[], dtype: DataType): DataId {
      return recorder().add({ shape, dtype: traceType(dtype) }, constantCopy(values)).dataId;
    }
    override readSync(dataId: object): ConstantValues {
      return recorder().read(dataId);
    }
    override async read(dataId: object): Promise<ConstantValues> {
      return recorder().read(dataId);
    }
    override refCount(): number {
      return 1;
    }
    override incRef(): void {}
    override disposeData(): boolean {
      return true;
    }
    override numDataIds(): number {
      return 0;
    }
    override floatPrecision(): 32 {
      return 32;
    }
    override epsilon(): number {
      return 1e-7;
    }
    override memory(): { unreliable: boolean } {
      return { unreliable: true };
    }
    override dispose(): void {}
  }
  tf.registerBackend(tracingBackend, (): KernelBackend => new TracingBackend(), 0);
  for (const { kernelName } of tf.getKernelsForBackend("cpu")) {
    const infer = rules.get(kernelName);
    tf.registerKernel({
      kernelName,
      backendName: tracingBackend,
      kernelFunc: ({ inputs, attrs }) => {
        if (infer === undefined) {
          throw new EngineError(
            "unmapped-kernel",
            `the onnx engine has no rule for the TensorFlow.js kernel '${kernelName}' - write the function with other operations, or choose engine 'wasm'`,
          );
        }
        return recorder().record(kernelName, inputs, attrs ?? {}, infer);
      },
    });
  }
}

function traceType(dtype: DataType): TraceType {
  if (dtype === "float32" || dtype === "int32" || dtype === "bool") return dtype;
  throw new EngineError(
    "unmapped-kernel",
    `the onnx engine has no tensors of type '${dtype}' - use float32, int32 or bool`,
  );
}

function constantCopy(values: unknown): ConstantValues {
  if (values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint8Array)
    return values.slice();
  if (Array.isArray(values)) return Float32Array.from(values, Number);
  throw new EngineError("build-failed", "a constant of the function is no typed array - use tf.tensor with numbers");
}

function isList(shaped: Shaped | readonly Shaped[]): shaped is readonly Shaped[] {
  return Array.isArray(shaped);
}
