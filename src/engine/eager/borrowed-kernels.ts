import type {
  BackendValues,
  DataType,
  KernelBackend,
  KernelFunc,
  NamedAttrMap,
  NamedTensorInfoMap,
  TensorInfo,
} from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../types.js";

/** Kernels whose own results are wrong, or missing, for some attributes. */
export type WrongKernels = Readonly<Record<string, (attributes: NamedAttrMap) => boolean>>;

/**
 * Lets `cpu` compute for `backend` what only `cpu` has, and what is `wrong` there: values are read back, computed and
 * written again.
 */
export function borrowKernels(tf: TensorFlow, backend: string, wrong: WrongKernels = {}): void {
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend("cpu")) {
    const own = tf.getKernel(kernelName, backend);
    const isWrong = wrong[kernelName];
    if (own !== undefined && isWrong === undefined) continue;
    const borrowed = borrowKernel(tf, kernelFunc);
    if (own === undefined) tf.registerKernel({ kernelName, backendName: backend, kernelFunc: borrowed });
    else {
      tf.unregisterKernel(kernelName, backend);
      const either: KernelFunc = (given) => (isWrong?.(given.attrs ?? {}) ? borrowed(given) : own.kernelFunc(given));
      tf.registerKernel({ ...own, kernelFunc: either });
    }
  }
}

function borrowKernel(tf: TensorFlow, kernelFunc: KernelFunc): KernelFunc {
  return ({ inputs, attrs, backend: borrower }) => {
    const lender: KernelBackend = tf.engine().findBackend("cpu");
    const target = borrower as KernelBackend;
    const lent: TensorInfo[] = [];
    const lend = (info: TensorInfo): TensorInfo => {
      const copy = copyTensor(info, target, lender);
      lent.push(copy);
      return copy;
    };
    const results = kernelFunc({ inputs: mapInputs(inputs, lend), attrs: attrs as NamedAttrMap, backend: lender });
    const list = Array.isArray(results) ? results : [results];
    const given = list.map((info) => copyTensor(info, lender, target));
    for (const { dataId } of [...list, ...lent]) lender.disposeData(dataId);
    return Array.isArray(results) ? given : given[0]!;
  };
}

/** Some kernels take their inputs as a list, others by name. */
function mapInputs(inputs: NamedTensorInfoMap, change: (info: TensorInfo) => TensorInfo): NamedTensorInfoMap {
  if (Array.isArray(inputs)) return inputs.map(change) as NamedTensorInfoMap & TensorInfo[];
  return Object.fromEntries(
    Object.entries(inputs).map(([name, info]) => [name, info === undefined ? info : change(info)]),
  );
}

function copyTensor({ dataId, shape, dtype }: TensorInfo, from: KernelBackend, to: KernelBackend): TensorInfo {
  const values = from.readSync(dataId) as BackendValues;
  return { dataId: to.write(values, shape, dtype as DataType), shape, dtype };
}
