import type { Engine, Program } from "../engine/index.js";
import type { DifferentiableModel } from "../scores/model.js";
import { conditionReader } from "./condition-reader.js";
import { namedInputs, networkInputs } from "./network-function.js";
import type { Network } from "./networks/network.js";
import type { Coefficients } from "./preconditioning.js";

/** What `transposedProducts` is given. */
export interface TransposedProductsSetting {
  readonly engine: Engine;
  readonly network: Network;
  readonly parameters: Float32Array;
  readonly chunk: number;
  /** Coefficients of the prediction at a time. */
  at(t: number): Coefficients;
}

/** (∂m/∂x)ᵀ v of m = skip · x + out · F(in · x, level), by reverse differentiation of F; the program is compiled at the first call. */
export function transposedProducts(setting: TransposedProductsSetting): {
  readonly vjp: NonNullable<DifferentiableModel["vjp"]>;
  dispose(): Promise<void>;
} {
  const { engine, network, parameters, chunk, at } = setting;
  const { shape, classes } = network;
  const dimension = shape.reduce((product, length) => product * length, 1);
  let compiled: Promise<Program> | undefined;
  const compile = (): Promise<Program> =>
    engine.compile(
      {
        name: `${network.name} vector-Jacobian product`,
        parameters: network.parameters,
        inputs: [...networkInputs(network, chunk), { name: "direction", shape: [chunk, ...shape] }],
        outputs: ["product"],
        build(tf, inputs, parameter) {
          const named = namedInputs(network, inputs);
          const along = tf.grad((x) => tf.sum(tf.mul(network.apply(tf, { ...named, x }, parameter), inputs.at(-1)!)));
          return [along(named.x)];
        },
      },
      { parameters },
    );
  return {
    async vjp({ x, times, count, condition }, directions, out) {
      compiled ??= compile();
      const program = await compiled;
      const classOf = conditionReader(condition, classes, count);
      for (let first = 0; first < count; first += chunk) {
        const rows = Math.min(chunk, count - first);
        const states = new Float32Array(chunk * dimension);
        const along = new Float32Array(chunk * dimension);
        const level = new Float32Array(chunk);
        const label = new Float32Array(chunk * classes);
        const factors = Array.from({ length: rows }, (_, row) => at(times[first + row]!));
        for (const [row, factor] of factors.entries()) {
          level[row] = factor.level;
          const own = classOf(first + row);
          if (own !== null) label[row * classes + own] = 1;
          for (let k = row * dimension, i = first * dimension + k; k < (row + 1) * dimension; k++, i++) {
            states[k] = factor.in * x[i]!;
            along[k] = directions[i]!;
          }
        }
        const inputs = classes > 0 ? [states, level, label, along] : [states, level, along];
        const [product] = await program.run(inputs);
        for (const [row, { skip, out: outer, in: inner }] of factors.entries()) {
          for (let k = row * dimension, i = first * dimension + k; k < (row + 1) * dimension; k++, i++) {
            out[i] = skip * directions[i]! + outer * inner * product![k]!;
          }
        }
      }
    },
    async dispose() {
      await (await compiled)?.dispose();
    },
  };
}
