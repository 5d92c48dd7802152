import type { KernelBackend, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../types.js";

/**
 * Replaces `AvgPoolGrad` of `backend`: each output's gradient is shared among the pixels that its window covers
 * (the one of TensorFlow.js 4.22 divides by the whole window even where padding cuts it).
 */
export function registerAveragePoolGradient(tf: TensorFlow, backend: string): void {
  const name = tf.AvgPoolGrad;
  if (tf.getKernel(name, backend) !== undefined) tf.unregisterKernel(name, backend);
  tf.registerKernel({
    kernelName: name,
    backendName: backend,
    kernelFunc: ({ inputs, attrs, backend: owner }) => {
      const storage = owner as KernelBackend;
      const dy = inputs.dy as TensorInfo;
      const shape = (inputs.input as TensorInfo).shape as [number, number, number, number];
      const info = tf.backend_util.computePool2DInfo(
        shape,
        attrs?.filterSize as number | [number, number],
        attrs?.strides as number | [number, number],
        1,
        attrs?.pad as "same" | "valid" | number,
      );
      const { batchSize, outHeight, outWidth, inHeight, inWidth, inChannels } = info;
      const rows = clippedWindows(outHeight, inHeight, info.filterHeight, info.strideHeight, info.padInfo.top);
      const columns = clippedWindows(outWidth, inWidth, info.filterWidth, info.strideWidth, info.padInfo.left);
      const from = storage.readSync(dy.dataId) as Float32Array;
      const into = new Float32Array(batchSize * inHeight * inWidth * inChannels);
      for (let b = 0, read = 0; b < batchSize; b++) {
        for (const [top, bottom] of rows) {
          for (const [left, right] of columns) {
            const share = 1 / ((bottom - top) * (right - left));
            for (let k = 0; k < inChannels; k++, read++) {
              for (let r = top; r < bottom; r++) {
                for (let c = left; c < right; c++)
                  into[((b * inHeight + r) * inWidth + c) * inChannels + k]! += share * from[read]!;
              }
            }
          }
        }
      }
      return { dataId: storage.write(into, shape, "float32"), shape, dtype: "float32" };
    },
  });
}

/** First and one past the last input index of each window, padding cut off. */
function clippedWindows(
  outputs: number,
  inputs: number,
  size: number,
  stride: number,
  before: number,
): [number, number][] {
  return Array.from({ length: outputs }, (_, index) => {
    const first = index * stride - before;
    return [Math.max(0, first), Math.min(inputs, first + size)];
  });
}
