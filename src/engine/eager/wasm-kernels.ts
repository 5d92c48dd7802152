import type { KernelBackend, KernelFunc, NamedAttrMap, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../types.js";

/** Replaces `BatchMatMul` of the wasm backend: its transposed path is ten times slower than transposing first. */
export function registerTransposingMatMul(tf: TensorFlow): void {
  const stock = kernel(tf, tf.BatchMatMul);
  const transpose = kernel(tf, tf.Transpose);
  tf.unregisterKernel(tf.BatchMatMul, "wasm");
  tf.registerKernel({
    kernelName: tf.BatchMatMul,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs, backend }) => {
      const made: TensorInfo[] = [];
      const plain = (info: TensorInfo, transposed: boolean): TensorInfo => {
        if (!transposed) return info;
        const rank = info.shape.length;
        const perm = [...info.shape.keys()].map((axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
        const result = single(transpose({ inputs: { x: info }, attrs: { perm }, backend }));
        made.push(result);
        return result;
      };
      const a = plain(inputs.a as TensorInfo, attrs?.transposeA === true);
      const b = plain(inputs.b as TensorInfo, attrs?.transposeB === true);
      const product = stock({ inputs: { a, b }, attrs: { transposeA: false, transposeB: false }, backend });
      for (const { dataId } of made) (backend as KernelBackend).disposeData(dataId);
      return product;
    },
  });
}

/** Gives the wasm backend the `Conv2DBackpropFilter` it lacks: one slice and one matrix product per filter tap. */
export function registerFilterGradient(tf: TensorFlow): void {
  tf.registerKernel({
    kernelName: tf.Conv2DBackpropFilter,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs, backend }) => {
      const run = (name: string, tensors: Record<string, TensorInfo>, options: NamedAttrMap): TensorInfo =>
        single(kernel(tf, name)({ inputs: tensors, attrs: options, backend }));
      const storage = backend as KernelBackend;
      const free = ({ dataId }: TensorInfo): void => {
        storage.disposeData(dataId);
      };
      const x = inputs.x as TensorInfo;
      const dy = inputs.dy as TensorInfo;
      const filterShape = attrs?.filterShape as [number, number, number, number];
      const strides = attrs?.strides as [number, number] | number;
      const info = tf.backend_util.computeConv2DInfo(
        x.shape as [number, number, number, number],
        filterShape,
        strides,
        1,
        attrs?.pad as "same" | "valid" | number,
        attrs?.dimRoundingMode as "floor" | "round" | "ceil",
      );
      const { top, left } = info.padInfo;
      const spanHeight = (info.outHeight - 1) * info.strideHeight + 1;
      const spanWidth = (info.outWidth - 1) * info.strideWidth + 1;
      const bottom = Math.max(0, spanHeight + info.filterHeight - 1 - top - info.inHeight);
      const right = Math.max(0, spanWidth + info.filterWidth - 1 - left - info.inWidth);
      const padded = run(
        tf.PadV2,
        { x },
        {
          paddings: [
            [0, 0],
            [top, bottom],
            [left, right],
            [0, 0],
          ],
          constantValue: 0,
        },
      );
      const pixels = info.batchSize * info.outHeight * info.outWidth;
      const flatDy = run(tf.Reshape, { x: dy }, { shape: [pixels, info.outChannels] });
      const taps: TensorInfo[] = [];
      for (let row = 0; row < info.filterHeight; row++) {
        for (let column = 0; column < info.filterWidth; column++) {
          const view = run(
            tf.StridedSlice,
            { x: padded },
            {
              begin: [0, row, column, 0],
              end: [info.batchSize, row + spanHeight, column + spanWidth, info.inChannels],
              strides: [1, info.strideHeight, info.strideWidth, 1],
              beginMask: 0,
              endMask: 0,
              ellipsisMask: 0,
              newAxisMask: 0,
              shrinkAxisMask: 0,
            },
          );
          const flatView = run(tf.Reshape, { x: view }, { shape: [pixels, info.inChannels] });
          taps.push(run(tf.BatchMatMul, { a: flatView, b: flatDy }, { transposeA: true, transposeB: false }));
          free(flatView);
          free(view);
        }
      }
      const size = info.inChannels * info.outChannels;
      const gradient = new Float32Array(taps.length * size);
      for (const [index, { dataId }] of taps.entries())
        gradient.set(storage.readSync(dataId) as Float32Array, index * size);
      for (const tensor of [padded, flatDy, ...taps]) free(tensor);
      return { dataId: storage.write(gradient, filterShape, "float32"), shape: filterShape, dtype: "float32" };
    },
  });
}

function kernel(tf: TensorFlow, name: string): KernelFunc {
  return tf.getKernel(name, "wasm").kernelFunc;
}

function single(result: TensorInfo | TensorInfo[]): TensorInfo {
  return Array.isArray(result) ? result[0]! : result;
}
