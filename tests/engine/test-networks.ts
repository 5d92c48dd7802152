import type { LossSpec, ParameterAccess, Tensor, TensorFlow, TensorSpec } from "../../src/engine/index.js";

type Images = Parameters<TensorFlow["conv2d"]>[0];
type Filter = Parameters<TensorFlow["conv2d"]>[1];

const silu = (tf: TensorFlow, x: Tensor): Tensor => tf.mul(x, tf.sigmoid(x));

/** Sines and cosines of t at geometric frequencies: [batch] → [batch, 2·count]. */
function timeEmbedding(tf: TensorFlow, t: Tensor, count: number): Tensor {
  const frequencies = tf.exp(tf.linspace(0, Math.log(40), count));
  const angles = tf.mul(tf.expandDims(t, 1), frequencies);
  return tf.concat([tf.sin(angles), tf.cos(angles)], 1);
}

function groupNorm(tf: TensorFlow, x: Tensor, groups: number, scale: Tensor, offset: Tensor): Tensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const split = tf.reshape(x, [batch, height * width, groups, channels / groups]);
  const mean = tf.mean(split, [1, 3], true);
  const centred = tf.sub(split, mean);
  const variance = tf.mean(tf.square(centred), [1, 3], true);
  const normal = tf.reshape(tf.mul(centred, tf.rsqrt(tf.add(variance, 1e-5))), x.shape);
  return tf.add(tf.mul(normal, scale), offset);
}

/** A U-Net of one level: convolutions, group norm, pooling, self-attention, nearest-neighbour enlarging, skip, strided convolution. */
export function unetLoss(batch: number, side: number, width: number): LossSpec {
  const parameters: TensorSpec[] = [
    { name: "in", shape: [3, 3, 1, width] },
    { name: "time", shape: [8, width] },
    { name: "scale", shape: [width] },
    { name: "offset", shape: [width] },
    { name: "down", shape: [3, 3, width, width] },
    { name: "query", shape: [width, width] },
    { name: "key", shape: [width, width] },
    { name: "value", shape: [width, width] },
    { name: "strided", shape: [3, 3, width, width] },
    { name: "up", shape: [3, 3, 2 * width, width] },
    { name: "out", shape: [1, 1, width, 1] },
  ];
  return {
    name: "unet-loss",
    parameters,
    inputs: [
      { name: "x", shape: [batch, side, side, 1] },
      { name: "t", shape: [batch] },
      { name: "target", shape: [batch, side, side, 1] },
    ],
    loss: (tf, [x, t, target], parameter) => {
      const convolve = (y: Tensor, name: string, stride = 1): Tensor =>
        tf.conv2d(y as Images, parameter(name) as Filter, stride, "same");
      const embedding = tf.matMul(timeEmbedding(tf, t!, 4), parameter("time"));
      let hidden = tf.add(convolve(x!, "in"), tf.reshape(embedding, [batch, 1, 1, width]));
      hidden = silu(tf, groupNorm(tf, hidden, 2, parameter("scale"), parameter("offset")));
      const skip = hidden;
      hidden = silu(tf, convolve(tf.avgPool(hidden as Images, 2, 2, "same"), "down"));
      const tokens = tf.reshape(hidden, [batch, -1, width]);
      const project = (name: string): Tensor =>
        tf.reshape(tf.matMul(tf.reshape(tokens, [-1, width]), parameter(name)), tokens.shape);
      const weights = tf.softmax(
        tf.mul(tf.matMul(project("query"), project("key"), false, true), 1 / Math.sqrt(width)),
      );
      hidden = tf.add(hidden, tf.reshape(tf.matMul(weights, project("value")), hidden.shape));
      const low = tf.image.resizeNearestNeighbor(convolve(hidden, "strided", 2) as Images, [side / 2, side / 2]);
      hidden = tf.image.resizeNearestNeighbor(tf.add(hidden, low) as Images, [side, side]);
      hidden = silu(tf, convolve(tf.concat([hidden, skip], 3), "up"));
      const error = tf.squaredDifference(convolve(hidden, "out"), target!);
      return tf.mean(error);
    },
  };
}

/** A pre-norm transformer block over patches, with a learnt class vector. */
export function transformerLoss(batch: number, tokens: number, width: number): LossSpec {
  const parameters: TensorSpec[] = [
    { name: "classes", shape: [3, width] },
    { name: "position", shape: [tokens, width] },
    { name: "qkv", shape: [width, 3 * width] },
    { name: "project", shape: [width, width] },
    { name: "rise", shape: [width, 2 * width] },
    { name: "fall", shape: [2 * width, width] },
    { name: "gain", shape: [width] },
  ];
  const norm = (tf: TensorFlow, x: Tensor, parameter: ParameterAccess): Tensor => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    return tf.mul(tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), 1e-5))), parameter("gain"));
  };
  return {
    name: "transformer-loss",
    parameters,
    inputs: [
      { name: "x", shape: [batch, tokens, width] },
      { name: "class", shape: [batch], dtype: "int32" },
      { name: "target", shape: [batch, tokens, width] },
    ],
    loss: (tf, [x, label, target], parameter) => {
      const dense = (y: Tensor, name: string): Tensor => {
        const flat = tf.matMul(tf.reshape(y, [batch * tokens, -1]), parameter(name));
        return tf.reshape(flat, [batch, tokens, -1]);
      };
      const heads = 2;
      const split = (y: Tensor): Tensor =>
        tf.transpose(tf.reshape(y, [batch, tokens, heads, width / heads]), [0, 2, 1, 3]);
      const conditioned = tf.expandDims(
        tf.gather(parameter("classes"), label as Parameters<TensorFlow["gather"]>[1]),
        1,
      );
      let hidden = tf.add(tf.add(x!, parameter("position")), conditioned);
      const [q, k, v] = tf.split(dense(norm(tf, hidden, parameter), "qkv"), 3, 2).map(split);
      const weights = tf.softmax(tf.mul(tf.matMul(q!, k!, false, true), Math.sqrt(heads / width)));
      const mixed = tf.reshape(tf.transpose(tf.matMul(weights, v!), [0, 2, 1, 3]), [batch, tokens, width]);
      hidden = tf.add(hidden, dense(mixed, "project"));
      const risen = dense(norm(tf, hidden, parameter), "rise");
      const gelu = tf.mul(tf.mul(risen, 0.5), tf.add(tf.erf(tf.div(risen, Math.SQRT2)), 1));
      hidden = tf.add(hidden, dense(gelu, "fall"));
      return [tf.mean(tf.squaredDifference(hidden, target!)), hidden];
    },
  };
}
