import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../types.js";
import { registerAveragePoolGradient } from "./average-pool-gradient.js";
import { registerResizeNearestGradient } from "./resize-nearest-gradient.js";

/** Replaces the kernels of TensorFlow.js 4.22 that give wrong gradients on `backend`. */
export function repairKernels(tf: TensorFlow, backend: string): void {
  registerResizeNearestGradient(tf, backend);
  registerAveragePoolGradient(tf, backend);
  repairBilinearGradient(tf, backend);
}

/** `ResizeBilinearGrad` labels its result with height and width exchanged. */
function repairBilinearGradient(tf: TensorFlow, backend: string): void {
  const stock = tf.getKernel(tf.ResizeBilinearGrad, backend);
  if (stock === undefined) return;
  tf.unregisterKernel(tf.ResizeBilinearGrad, backend);
  tf.registerKernel({
    ...stock,
    kernelFunc: (given) => {
      const result = stock.kernelFunc(given);
      const { shape } = given.inputs.images as TensorInfo;
      // A result that is right may be a tensor, which is more than what a copy would keep.
      if (Array.isArray(result) || result.shape.every((length, axis) => length === shape[axis])) return result;
      return { ...result, shape };
    },
  });
}
