import { UsageError } from "../../../solvers/errors.js";
import type { ParameterAccess, Tensor, TensorFlow } from "../../engine/index.js";
import {
  attention,
  attentionParameters,
  convolutionParameters,
  convolve,
  dense,
  denseParameters,
  enlarge,
  groupCount,
  groupNorm,
  levelRows,
  normParameters,
  silu,
} from "./layers.js";
import { embedLevel, type LevelEmbedding, levelFeatures } from "./level-embedding.js";
import { imageShape, type NetworkFactory, type NetworkParameter } from "./network.js";

/** Options of the U-Net. */
export interface UnetOptions extends LevelEmbedding {
  /** Channels of the highest resolution; each level down doubles them. */
  readonly channels: number;
  /** Resolutions, ≥ 1; height and width must be multiples of 2^(levels − 1). */
  readonly levels: number;
  /** Self-attention at the lowest resolution. */
  readonly attention: boolean;
}

export const UNET_DEFAULTS: UnetOptions = {
  channels: 32,
  levels: 3,
  attention: true,
  embedding: "sinusoidal",
  frequencies: 16,
  bandwidth: 8,
};

/**
 * A convolutional U-Net (Ronneberger et al. 2015; Ho et al. 2020): residual blocks with group norm and SiLU, one per
 * resolution down and up, skips between them, self-attention at the lowest resolution; the level and the class scale and
 * shift the normalised features (Dhariwal & Nichol 2021).
 */
export function unet(options: Partial<UnetOptions> = {}): NetworkFactory {
  const settings = { ...UNET_DEFAULTS, ...options };
  const { channels, levels } = settings;
  return ({ shape, classes }) => {
    const [height, width, colours] = imageShape("unet", shape);
    const multiple = 2 ** (levels - 1);
    if (height % multiple !== 0 || width % multiple !== 0) {
      throw new UsageError(
        `unet: height and width must be multiples of ${multiple} for ${levels} levels, but got ${height} × ${width} - use fewer levels`,
      );
    }
    const at = (level: number) => channels * 2 ** level;
    const embedded = 2 * channels;
    const lowest = at(levels - 1);
    const each = Array.from({ length: levels }, (_, level) => level);
    return {
      name: "unet",
      options: { ...settings },
      shape,
      classes,
      sharesLevel: classes === 0,
      parameters: [
        ...denseParameters("level", levelFeatures(settings) + classes, embedded),
        ...convolutionParameters("in", 3, colours, channels),
        ...each.flatMap((level) => [
          ...blockParameters(`down${level}`, at(level), at(level), embedded),
          ...(level < levels - 1 ? convolutionParameters(`shrink${level}`, 3, at(level), at(level + 1)) : []),
        ]),
        ...(settings.attention
          ? [...normParameters("attend/norm", lowest), ...attentionParameters("attend", lowest)]
          : []),
        ...blockParameters("middle", lowest, lowest, embedded),
        ...each
          .toReversed()
          .flatMap((level) => [
            ...(level < levels - 1 ? convolutionParameters(`grow${level}`, 3, at(level + 1), at(level)) : []),
            ...blockParameters(`up${level}`, 2 * at(level), at(level), embedded),
          ]),
        ...normParameters("norm", channels),
        ...convolutionParameters("out", 3, channels, colours, 0),
      ],
      apply(tf, { x, level: t, label }, parameter) {
        const features = embedLevel(tf, t, settings);
        const condition = silu(
          tf,
          dense(tf, label === undefined ? features : tf.concat([features, label], 1), "level", parameter),
        );
        const skips: Tensor[] = [];
        let hidden = convolve(tf, x, "in", parameter);
        for (const level of each) {
          hidden = block(tf, hidden, condition, `down${level}`, parameter);
          skips.push(hidden);
          if (level < levels - 1) hidden = convolve(tf, hidden, `shrink${level}`, parameter, 2);
        }
        if (settings.attention) hidden = attend(tf, hidden, parameter);
        hidden = block(tf, hidden, condition, "middle", parameter);
        for (const level of each.toReversed()) {
          if (level < levels - 1) hidden = convolve(tf, enlarge(tf, hidden), `grow${level}`, parameter);
          hidden = block(tf, tf.concat([hidden, skips[level]!], 3), condition, `up${level}`, parameter);
        }
        const last = silu(tf, groupNorm(tf, hidden, groupCount(channels), "norm", parameter));
        return convolve(tf, last, "out", parameter);
      },
    };
  };
}

function blockParameters(name: string, from: number, to: number, embedded: number): NetworkParameter[] {
  return [
    ...normParameters(`${name}/norm1`, from),
    ...convolutionParameters(`${name}/first`, 3, from, to),
    ...denseParameters(`${name}/level`, embedded, 2 * to),
    ...normParameters(`${name}/norm2`, to),
    ...convolutionParameters(`${name}/second`, 3, to, to, 0),
    ...(from === to ? [] : convolutionParameters(`${name}/skip`, 1, from, to)),
  ];
}

function block(tf: TensorFlow, x: Tensor, condition: Tensor, name: string, parameter: ParameterAccess): Tensor {
  const from = x.shape[3]!;
  const normal = silu(tf, groupNorm(tf, x, groupCount(from), `${name}/norm1`, parameter));
  const first = convolve(tf, normal, `${name}/first`, parameter);
  const to = first.shape[3]!;
  // Scale and shift come after the norm, which would take a shift away.
  const level = levelRows(tf, dense(tf, condition, `${name}/level`, parameter), x.shape[0]!);
  const [scale, shift] = tf.split(tf.reshape(level, [level.shape[0]!, 1, 1, 2 * to]), 2, 3);
  const second = groupNorm(tf, first, groupCount(to), `${name}/norm2`, parameter);
  const inner = silu(tf, tf.add(tf.mul(second, tf.add(scale!, 1)), shift!));
  const skip = from === to ? x : convolve(tf, x, `${name}/skip`, parameter);
  return tf.add(skip, convolve(tf, inner, `${name}/second`, parameter));
}

function attend(tf: TensorFlow, x: Tensor, parameter: ParameterAccess): Tensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const normal = groupNorm(tf, x, groupCount(channels), "attend/norm", parameter);
  const tokens = tf.reshape(normal, [batch, height * width, channels]);
  return tf.add(x, tf.reshape(attention(tf, tokens, 1, "attend", parameter), [batch, height, width, channels]));
}
