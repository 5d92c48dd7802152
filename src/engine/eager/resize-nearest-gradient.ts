import type { KernelBackend, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../types.js";

/**
 * Replaces `ResizeNearestNeighborGrad` of `backend` by one that is right for every batch size:
 * each output pixel's gradient is added to the input pixel it was copied from (the one of TensorFlow.js 4.22 ignores all but the first image).
 */
export function registerResizeNearestGradient(tf: TensorFlow, backend: string): void {
  const name = tf.ResizeNearestNeighborGrad;
  if (tf.getKernel(name, backend) !== undefined) tf.unregisterKernel(name, backend);
  tf.registerKernel({
    kernelName: name,
    backendName: backend,
    kernelFunc: ({ inputs, attrs, backend: owner }) => {
      const storage = owner as KernelBackend;
      const images = inputs.images as TensorInfo;
      const dy = inputs.dy as TensorInfo;
      const [batch = 0, height = 0, width = 0, channels = 0] = images.shape;
      const [, outHeight = 0, outWidth = 0] = dy.shape;
      const align = attrs?.alignCorners === true;
      const half = attrs?.halfPixelCenters === true;
      const rows = nearestSource(outHeight, height, align, half);
      const columns = nearestSource(outWidth, width, align, half);
      const from = storage.readSync(dy.dataId) as Float32Array;
      const into = new Float32Array(batch * height * width * channels);
      for (let b = 0, read = 0; b < batch; b++) {
        for (let r = 0; r < outHeight; r++) {
          for (let c = 0; c < outWidth; c++) {
            let write = ((b * height + rows[r]!) * width + columns[c]!) * channels;
            for (let k = 0; k < channels; k++) into[write++]! += from[read++]!;
          }
        }
      }
      return { dataId: storage.write(into, images.shape, "float32"), shape: images.shape, dtype: "float32" };
    },
  });
}

/** For each of `outputs` pixels along one axis, the input pixel that nearest-neighbour resizing copies . */
export function nearestSource(
  outputs: number,
  inputs: number,
  alignCorners: boolean,
  halfPixelCenters = false,
): Int32Array {
  const scale = alignCorners && outputs > 1 ? (inputs - 1) / (outputs - 1) : inputs / outputs;
  return Int32Array.from({ length: outputs }, (_, index) => {
    const at = halfPixelCenters ? (index + 0.5) * scale : index * scale;
    // Ties round upwards in the kernels of TensorFlow.js.
    const nearest = alignCorners ? Math.round(at) : Math.floor(at);
    return Math.max(0, Math.min(inputs - 1, nearest));
  });
}
