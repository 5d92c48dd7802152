import type { Rank } from "@tensorflow/tfjs-core";
import type { ParameterAccess, Tensor, TensorFlow } from "../../engine/index.js";
import { type NetworkParameter, ones, weights, zeros } from "./network.js";

/** x · sigmoid(x) (Elfwing et al. 2018). */
export function silu(tf: TensorFlow, x: Tensor): Tensor {
  // A gradient of its own takes half the passes of that of the product.
  const product = tf.customGrad((input, save) => {
    if (typeof input !== "object" || typeof save !== "function") throw new TypeError("silu: takes one tensor");
    const share = tf.sigmoid(input);
    const value = tf.mul(input, share);
    save([share, value]);
    return { value, gradFunc: (slope, [s, y]) => tf.mul(slope, tf.add(s!, tf.mul(y!, tf.sub(1, s!)))) };
  });
  return product(x);
}

/** What is computed from the level alone, [levels, …], for `batch` rows: itself, or one row of it when the level is shared. */
export function levelRows(tf: TensorFlow, values: Tensor, batch: number): Tensor {
  const [levels = 0, ...rest] = values.shape;
  return levels === batch ? values : tf.slice(values, [0, ...rest.map(() => 0)], [1, ...rest]);
}

/** Parameters of `dense`; with `start: 0` both start at 0. */
export function denseParameters(name: string, from: number, to: number, start = 1): NetworkParameter[] {
  const kernel = start === 0 ? zeros(`${name}/kernel`, [from, to]) : weights(`${name}/kernel`, [from, to], from);
  return [kernel, zeros(`${name}/bias`, [to])];
}

/** x·W + b over the last axis of [batch, from]. */
export function dense(tf: TensorFlow, x: Tensor, name: string, parameter: ParameterAccess): Tensor {
  return tf.add(tf.matMul(x, parameter(`${name}/kernel`)), parameter(`${name}/bias`));
}

/** As `dense` for tokens [batch, count, from]. */
export function denseTokens(tf: TensorFlow, x: Tensor, name: string, parameter: ParameterAccess): Tensor {
  const [batch = 0, count = 0, from = 0] = x.shape;
  const rows = dense(tf, tf.reshape(x, [batch * count, from]), name, parameter);
  return tf.reshape(rows, [batch, count, rows.shape[1]!]);
}

/** Parameters of a normalisation over `channels`. */
export function normParameters(name: string, channels: number): NetworkParameter[] {
  return [ones(`${name}/scale`, [channels]), zeros(`${name}/offset`, [channels])];
}

const SMALL = 1e-5;

/** Normalises the last axis to mean 0 and variance 1, then scales and shifts it (Ba et al. 2016). */
export function layerNorm(tf: TensorFlow, x: Tensor, name: string, parameter: ParameterAccess): Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  const normal = tf.mul(centred, tf.rsqrt(tf.add(variance, SMALL)));
  return tf.add(tf.mul(normal, parameter(`${name}/scale`)), parameter(`${name}/offset`));
}

/** Normalises groups of channels of [batch, height, width, channels] (Wu & He 2018). */
export function groupNorm(tf: TensorFlow, x: Tensor, groups: number, name: string, parameter: ParameterAccess): Tensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const split = tf.reshape(x, [batch, height * width, groups, channels / groups]);
  const centred = tf.sub(split, tf.mean(split, [1, 3], true));
  const variance = tf.mean(tf.square(centred), [1, 3], true);
  const normal = tf.reshape(tf.mul(centred, tf.rsqrt(tf.add(variance, SMALL))), [batch, height, width, channels]);
  return tf.add(tf.mul(normal, parameter(`${name}/scale`)), parameter(`${name}/offset`));
}

/** The largest number of groups, at most `most`, that divides `channels`. */
export function groupCount(channels: number, most = 8): number {
  for (let groups = Math.min(most, channels); groups > 1; groups--) if (channels % groups === 0) return groups;
  return 1;
}

/** Parameters of a convolution with a size × size window; with `start: 0` they start at 0. */
export function convolutionParameters(
  name: string,
  size: number,
  from: number,
  to: number,
  start = 1,
): NetworkParameter[] {
  const shape = [size, size, from, to];
  const kernel = start === 0 ? zeros(`${name}/kernel`, shape) : weights(`${name}/kernel`, shape, size * size * from);
  return [kernel, zeros(`${name}/bias`, [to])];
}

/** A convolution of [batch, height, width, from] that keeps the size (stride 1) or halves it (stride 2). */
export function convolve(
  tf: TensorFlow,
  x: Tensor,
  name: string,
  parameter: ParameterAccess,
  stride: 1 | 2 = 1,
): Tensor {
  const kernel = parameter(`${name}/kernel`);
  return tf.add(tf.conv2d(asImages(tf, x), asImages(tf, kernel), stride, "same"), parameter(`${name}/bias`));
}

/** Doubles height and width by repeating pixels. */
export function enlarge(tf: TensorFlow, x: Tensor): Tensor {
  const [, height = 0, width = 0] = x.shape;
  return tf.image.resizeNearestNeighbor(asImages(tf, x), [2 * height, 2 * width]);
}

/** Parameters of `attention` over tokens of that width. */
export function attentionParameters(name: string, width: number): NetworkParameter[] {
  return [...denseParameters(`${name}/qkv`, width, 3 * width), ...denseParameters(`${name}/project`, width, width, 0)];
}

/** Multi-head self-attention of tokens [batch, count, width] (Vaswani et al. 2017), without the residual. */
export function attention(tf: TensorFlow, x: Tensor, heads: number, name: string, parameter: ParameterAccess): Tensor {
  const [batch = 0, count = 0, width = 0] = x.shape;
  const each = width / heads;
  const [q, k, v] = tf
    .split(denseTokens(tf, x, `${name}/qkv`, parameter), 3, 2)
    .map((part) => tf.transpose(tf.reshape(part, [batch, count, heads, each]), [0, 2, 1, 3]));
  const scores = tf.softmax(tf.mul(tf.matMul(q!, k!, false, true), 1 / Math.sqrt(each)));
  const mixed = tf.reshape(tf.transpose(tf.matMul(scores, v!), [0, 2, 1, 3]), [batch, count, width]);
  return denseTokens(tf, mixed, `${name}/project`, parameter);
}

/** The same tensor under the type that convolutions ask for. */
function asImages(tf: TensorFlow, x: Tensor) {
  const [a = 1, b = 1, c = 1, d = 1] = x.shape;
  return tf.reshape<Rank.R4>(x, [a, b, c, d]);
}
