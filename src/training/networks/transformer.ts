import { UsageError } from "../../../solvers/errors.js";
import type { Tensor } from "../../engine/index.js";
import {
  attention,
  attentionParameters,
  dense,
  denseParameters,
  denseTokens,
  layerNorm,
  levelRows,
  normParameters,
  silu,
} from "./layers.js";
import { embedLevel, type LevelEmbedding, levelFeatures } from "./level-embedding.js";
import { imageShape, type NetworkFactory } from "./network.js";

/** Options of the transformer. */
export interface TransformerOptions extends LevelEmbedding {
  /** Numbers per token; a multiple of `heads`. */
  readonly width: number;
  /** Blocks. */
  readonly depth: number;
  readonly heads: number;
  /** Side of a patch in pixels; height and width must be multiples of it. */
  readonly patch: number;
}

export const TRANSFORMER_DEFAULTS: TransformerOptions = {
  width: 64,
  depth: 4,
  heads: 4,
  patch: 4,
  embedding: "sinusoidal",
  frequencies: 16,
  bandwidth: 8,
};

/**
 * A transformer over patches (after U-ViT, Bao et al. 2023): the embedded level is a token among those of the patches,
 * blocks are pre-norm, positions are learnt.
 */
export function transformer(options: Partial<TransformerOptions> = {}): NetworkFactory {
  const settings = { ...TRANSFORMER_DEFAULTS, ...options };
  const { width, depth, heads, patch } = settings;
  if (width % heads !== 0) {
    throw new UsageError(
      `transformer: width must be a multiple of heads = ${heads}, but got ${width} - choose ${heads * Math.ceil(width / heads)}`,
    );
  }
  return ({ shape, classes }) => {
    const [height, columns, colours] = imageShape("transformer", shape);
    if (height % patch !== 0 || columns % patch !== 0) {
      throw new UsageError(
        `transformer: height and width must be multiples of patch = ${patch}, but got ${height} × ${columns} - choose another patch`,
      );
    }
    const [down, across] = [height / patch, columns / patch];
    const count = down * across;
    const inside = patch * patch * colours;
    return {
      name: "transformer",
      options: { ...settings },
      shape,
      classes,
      sharesLevel: classes === 0,
      parameters: [
        ...denseParameters("level", levelFeatures(settings) + classes, width),
        ...denseParameters("in", inside, width),
        { name: "position", shape: [1, count + 1, width], mean: 0, standardDeviation: 0.02 },
        ...Array.from({ length: depth }, (_, k) => [
          ...normParameters(`block${k}/norm1`, width),
          ...attentionParameters(`block${k}/attend`, width),
          ...normParameters(`block${k}/norm2`, width),
          ...denseParameters(`block${k}/rise`, width, 4 * width),
          ...denseParameters(`block${k}/fall`, 4 * width, width, 0),
        ]).flat(),
        ...normParameters("norm", width),
        ...denseParameters("out", width, inside, 0),
      ],
      apply(tf, { x, level, label }, parameter) {
        const batch = x.shape[0]!;
        const features = embedLevel(tf, level, settings);
        const condition = dense(
          tf,
          label === undefined ? features : tf.concat([features, label], 1),
          "level",
          parameter,
        );
        const split = tf.transpose(tf.reshape(x, [batch, down, patch, across, patch * colours]), [0, 1, 3, 2, 4]);
        const patches = denseTokens(tf, tf.reshape(split, [batch, count, inside]), "in", parameter);
        const token = tf.reshape(condition, [condition.shape[0]!, 1, width]);
        const first = token.shape[0] === batch ? token : tf.tile(levelRows(tf, token, batch), [batch, 1, 1]);
        let tokens: Tensor = tf.concat([first, patches], 1);
        tokens = tf.add(tokens, parameter("position"));
        for (let k = 0; k < depth; k++) {
          const block = `block${k}`;
          const normal = layerNorm(tf, tokens, `${block}/norm1`, parameter);
          tokens = tf.add(tokens, attention(tf, normal, heads, `${block}/attend`, parameter));
          const second = layerNorm(tf, tokens, `${block}/norm2`, parameter);
          const risen = silu(tf, denseTokens(tf, second, `${block}/rise`, parameter));
          tokens = tf.add(tokens, denseTokens(tf, risen, `${block}/fall`, parameter));
        }
        const last = layerNorm(tf, tf.slice(tokens, [0, 1, 0], [batch, count, width]), "norm", parameter);
        const out = tf.reshape(denseTokens(tf, last, "out", parameter), [batch, down, across, patch, patch * colours]);
        return tf.reshape(tf.transpose(out, [0, 1, 3, 2, 4]), [batch, height, columns, colours]);
      },
    };
  };
}
