import { UsageError } from "../../../solvers/errors.js";
import type { ParameterAccess, Tensor, TensorFlow, TensorSpec } from "../../engine/index.js";

/** A parameter and its random start N(mean, standardDeviation²). */
export interface NetworkParameter extends TensorSpec {
  readonly mean: number;
  readonly standardDeviation: number;
  /** Numbers to start from instead. */
  readonly start?: Float32Array;
}

/** What a network is given for one batch. */
export interface NetworkInputs {
  /** States scaled by c_in, [batch, ...shape]. */
  readonly x: Tensor;
  /** Noise level c_noise, mapped to [−1, 1] over [tMin, tMax]; [batch], or [SHARED_LEVELS] of one level that all rows share. */
  readonly level: Tensor;
  /** One-hot classes [batch, classes], a row of zeros for "no class"; absent when there are no classes. */
  readonly label?: Tensor;
}

/** A raw network F(x, level): a TensorFlow.js function of named parameters, for samples of one shape. */
export interface Network {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Shape of one sample: [dimension], or [height, width, channels]. */
  readonly shape: readonly number[];
  /** Number of classes it is conditioned on; 0 for none. */
  readonly classes: number;
  readonly parameters: readonly NetworkParameter[];
  /** Takes [SHARED_LEVELS] equal levels for any number of rows, with the same bits as one level per row; default false. */
  readonly sharesLevel?: boolean;
  /** F with the shape of `x`, by operations of `tf` alone. */
  apply(tf: TensorFlow, inputs: NetworkInputs, parameter: ParameterAccess): Tensor;
}

/**
 * Rows of the level when all rows of x share it.
 *
 * Not one: runtimes compute products of a single row, and ends of rows that do not fill a vector register, in another order.
 */
export const SHARED_LEVELS = 16;

/** What a network is made for. */
export interface NetworkSetting {
  readonly shape: readonly number[];
  readonly classes: number;
}

/** Makes a network for samples of a shape. */
export type NetworkFactory = (setting: NetworkSetting) => Network;

/** What `defineNetwork` is given. */
export interface NetworkDefinition {
  readonly name: string;
  /** Parameters for samples of that shape; `weights`, `zeros` and `ones` make them. */
  parameters(setting: NetworkSetting): readonly NetworkParameter[];
  /** F with the shape of `x`, by operations of `tf` alone. */
  apply: Network["apply"];
}

/** A network of a user's own function. A checkpoint of it is loaded by giving the network again. */
export function defineNetwork({ name, parameters, apply }: NetworkDefinition): NetworkFactory {
  return (setting) => ({ name, options: {}, ...setting, parameters: parameters(setting), apply });
}

/** Weights whose products with `fanIn` standard normal inputs have variance 1 (LeCun et al. 1998). */
export function weights(name: string, shape: readonly number[], fanIn: number): NetworkParameter {
  return { name, shape, mean: 0, standardDeviation: 1 / Math.sqrt(fanIn) };
}

/** A parameter that starts at 0. */
export function zeros(name: string, shape: readonly number[]): NetworkParameter {
  return { name, shape, mean: 0, standardDeviation: 0 };
}

/** A parameter that starts at 1. */
export function ones(name: string, shape: readonly number[]): NetworkParameter {
  return { name, shape, mean: 1, standardDeviation: 0 };
}

/** Height, width and channels of an image. @throws UsageError for samples of another kind */
export function imageShape(network: string, shape: readonly number[]): readonly [number, number, number] {
  const [height, width, channels] = shape;
  if (shape.length !== 3 || height === undefined || width === undefined || channels === undefined) {
    throw new UsageError(
      `${network}: needs samples of shape [height, width, channels], but got [${shape.join(", ")}] - give shape, or choose mlp`,
    );
  }
  return [height, width, channels];
}
