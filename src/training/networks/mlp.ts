import type { Tensor } from "../../engine/index.js";
import { dense, denseParameters, layerNorm, levelRows, normParameters, silu } from "./layers.js";
import { embedLevel, type LevelEmbedding, levelFeatures } from "./level-embedding.js";
import type { NetworkFactory } from "./network.js";

/** Options of both perceptrons. */
export interface MlpOptions extends LevelEmbedding {
  /** Units of a hidden layer. */
  readonly width: number;
  /** Hidden layers, or residual blocks. */
  readonly depth: number;
}

export const MLP_DEFAULTS: MlpOptions = {
  width: 128,
  depth: 3,
  embedding: "sinusoidal",
  frequencies: 4,
  bandwidth: 4,
};

/** A perceptron with SiLU between its layers; the embedded level and the class stand beside x in its first layer. */
export function mlp(options: Partial<MlpOptions> = {}): NetworkFactory {
  const settings = { ...MLP_DEFAULTS, ...options };
  const { width, depth } = settings;
  return ({ shape, classes }) => {
    const dimension = shape.reduce((product, length) => product * length, 1);
    return {
      name: "mlp",
      options: { ...settings },
      shape,
      classes,
      sharesLevel: classes === 0,
      parameters: [
        ...denseParameters("in", dimension + levelFeatures(settings) + classes, width),
        ...Array.from({ length: depth - 1 }, (_, k) => denseParameters(`hidden${k}`, width, width)).flat(),
        ...denseParameters("out", width, dimension),
      ],
      apply(tf, { x, level, label }, parameter) {
        const batch = x.shape[0]!;
        const features = embedLevel(tf, level, settings);
        const condition = label === undefined ? features : tf.concat([features, label], 1);
        // The first layer in two parts: that of the level is computed once where all rows share it.
        const rows = (first: number, count: number) => tf.slice(parameter("in/kernel"), [first, 0], [count, width]);
        const offset = tf.add(tf.matMul(condition, rows(dimension, condition.shape[1]!)), parameter("in/bias"));
        const product = tf.matMul(tf.reshape(x, [batch, dimension]), rows(0, dimension));
        let hidden = silu(tf, tf.add(product, levelRows(tf, offset, batch)));
        for (let k = 0; k < depth - 1; k++) hidden = silu(tf, dense(tf, hidden, `hidden${k}`, parameter));
        return tf.reshape(dense(tf, hidden, "out", parameter), x.shape);
      },
    };
  };
}

/** A residual perceptron: pre-norm blocks h + W₂ silu(W₁ norm(h) + V e), where e embeds the level and the class. */
export function residualMlp(options: Partial<MlpOptions> = {}): NetworkFactory {
  const settings = { ...MLP_DEFAULTS, ...options };
  const { width, depth } = settings;
  return ({ shape, classes }) => {
    const dimension = shape.reduce((product, length) => product * length, 1);
    const features = levelFeatures(settings) + classes;
    return {
      name: "residual-mlp",
      options: { ...settings },
      shape,
      classes,
      sharesLevel: classes === 0,
      parameters: [
        ...denseParameters("in", dimension, width),
        ...Array.from({ length: depth }, (_, k) => [
          ...normParameters(`block${k}/norm`, width),
          ...denseParameters(`block${k}/first`, width, width),
          ...denseParameters(`block${k}/level`, features, width),
          ...denseParameters(`block${k}/second`, width, width, 0),
        ]).flat(),
        ...normParameters("norm", width),
        ...denseParameters("out", width, dimension, 0),
      ],
      apply(tf, { x, level, label }, parameter) {
        const embedded = embedLevel(tf, level, settings);
        const condition = label === undefined ? embedded : tf.concat([embedded, label], 1);
        let hidden: Tensor = dense(tf, tf.reshape(x, [x.shape[0]!, dimension]), "in", parameter);
        for (let k = 0; k < depth; k++) {
          const block = `block${k}`;
          const first = dense(tf, layerNorm(tf, hidden, `${block}/norm`, parameter), `${block}/first`, parameter);
          const offset = levelRows(tf, dense(tf, condition, `${block}/level`, parameter), x.shape[0]!);
          const inner = silu(tf, tf.add(first, offset));
          hidden = tf.add(hidden, dense(tf, inner, `${block}/second`, parameter));
        }
        const last = silu(tf, layerNorm(tf, hidden, "norm", parameter));
        return tf.reshape(dense(tf, last, "out", parameter), x.shape);
      },
    };
  };
}
