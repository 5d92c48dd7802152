import { loadCpuBackend } from "../../src/engine/eager/load-backends.js";
import { compileDoubleGradient, type Engine, sizeOf, type Values } from "../../src/engine/index.js";
import { traceLoss } from "../../src/engine/onnx/compile-trace.js";
import type { Trace, TraceNode } from "../../src/engine/trace/trace.js";
import { lossFunction } from "../../src/training/loss-function.js";
import { initialParameters } from "../../src/training/networks/initial-parameters.js";
import type { Network } from "../../src/training/networks/network.js";
import { createNetwork } from "../../src/training/networks/registry.js";
import { gradientNorm, initialState, optimise } from "../../src/training/optimiser.js";
import { spread } from "../engine/test-functions.js";

/** A network, the shape of its samples, and its classes. */
export type NetworkCase = readonly [spec: string, shape: readonly number[], classes: number];

export const NETWORK_CASES: readonly NetworkCase[] = [
  ["mlp:width=24,depth=3", [2], 0],
  ["mlp:width=24,depth=2,embedding=fourier", [2], 3],
  ["residual-mlp:width=24,depth=2", [2], 0],
  ["unet:channels=4,levels=2", [4, 4, 1], 0],
  ["unet:channels=4,levels=1", [4, 4, 2], 2],
  ["transformer:width=16,depth=2,heads=2,patch=2", [4, 4, 1], 0],
];

/**
 * Unit roundoffs that a gradient may be off by, relative to its largest entry: along the longest way through loss and
 * gradient, an operation adds one, and a sum or product of n terms n (Higham 2002, §3.1, to first order).
 */
export function roundings(trace: Trace): number {
  const along = new Map<number, number>();
  for (const node of trace.nodes) {
    const before = Math.max(0, ...Object.values(node.inputs).map(({ id }) => along.get(id) ?? 0));
    for (const { id } of node.outputs) along.set(id, before + termsOf(node));
  }
  return Math.max(...trace.outputs.map(({ id }) => along.get(id) ?? 0));
}

function termsOf({ kernel, inputs, outputs, attrs }: TraceNode): number {
  const size = (name: string) => sizeOf(inputs[name]?.shape ?? []);
  const shape = (name: string) => inputs[name]?.shape ?? [];
  const images = (one: readonly number[]) => one.slice(0, -1).reduce((product, length) => product * length, 1);
  switch (kernel) {
    case "BatchMatMul":
      return shape("a").at(attrs.transposeA === true ? -2 : -1)!;
    case "Conv2D":
      return images(shape("filter"));
    case "Conv2DBackpropInput":
      return size("filter") / shape("filter").at(-2)!;
    case "Conv2DBackpropFilter":
      return images(shape("dy"));
    case "Sum":
    case "Mean":
      return size("x") / sizeOf(outputs[0]!.shape);
    case "Softmax":
      return shape("logits").at(-1)!;
    default:
      return 1;
  }
}

export interface ParityRun {
  readonly network: Network;
  readonly firstLoss: number;
  readonly lastLoss: number;
  /**
   * Greatest differences seen from the first engine, by engine: relative to the loss, and to the largest entry of the gradient;
   * and the greatest share of what is allowed. Errors of F are relative to F itself, not to F − F*: what `roundings` allows
   * grows by 1 + ‖F*‖/√loss, and twice that for the square.
   */
  readonly seen: ReadonlyMap<string, { loss: number; gradient: number; share: number }>;
}

/** Trains on the first engine and compares all of them at so many checkpoints, each from identical parameters. */
export async function compareAlongTraining(
  engines: readonly Engine[],
  [spec, shape, classes]: NetworkCase,
  { checkpoints, between, batch = 6 }: { checkpoints: number; between: number; batch?: number },
): Promise<ParityRun> {
  const network = createNetwork(spec, { shape, classes });
  const loss = lossFunction(network, batch);
  const programs = await Promise.all(engines.map((engine) => engine.compileGradient(loss)));
  const state = initialState(lively(network));
  const settings = { learningRate: 5e-3, warmUp: 0, decay: "constant", betas: [0.9, 0.99], epsilon: 1e-8 } as const;
  const seen = new Map(engines.slice(1).map(({ name }) => [name, { loss: 0, gradient: 0, share: 0 }]));
  const bound = 2 ** -24 * roundings(traceLoss(await loadCpuBackend(), loss));
  let [first, last] = [Number.NaN, Number.NaN];
  for (let step = 0; step < checkpoints * between; step++) {
    const inputs = batchOf(network, batch, step % 7);
    const [own, ...others] = await Promise.all(
      (step % between === 0 ? programs : programs.slice(0, 1)).map((program) => program.run(state.parameters, inputs)),
    );
    for (const [index, other] of others.entries()) {
      const worst = seen.get(engines[index + 1]!.name)!;
      const ofLoss = Math.abs(other.loss - own!.loss) / own!.loss;
      const ofGradient = farthest(other.gradient, own!.gradient) / largest(own!.gradient);
      const allowed = 2 * bound * (1 + rootMeanSquare(inputs.at(-2)!) / Math.sqrt(own!.loss));
      worst.loss = Math.max(worst.loss, ofLoss);
      worst.gradient = Math.max(worst.gradient, ofGradient);
      worst.share = Math.max(worst.share, ofLoss / allowed, ofGradient / allowed);
    }
    if (step === 0) first = own!.loss;
    last = own!.loss;
    const { gradient } = own!;
    optimise(state, gradient, gradientNorm(gradient), step, 1e6, { ...settings, weightDecay: 0, clip: 1, average: 0 });
  }
  for (const program of programs) await program.dispose();
  return { network, firstLoss: first, lastLoss: last, seen };
}

/** The worst difference between slopes of the loss along directions and the gradient, both in float64, relative to the slope's size. */
export async function slopeError([spec, shape, classes]: NetworkCase, directions: number): Promise<number> {
  const batch = 3;
  const network = createNetwork(spec, { shape, classes });
  const exact = await compileDoubleGradient(lossFunction(network, batch));
  const parameters = Float64Array.from(lively(network));
  const inputs = batchOf(network, batch, 1).map((values) => Float64Array.from(values));
  const { gradient } = await exact.run(parameters, inputs);
  // Four points: the error is h⁴L⁽⁵⁾/30 ~ 1e-12 and rounding terms·u·L/h ~ 1e-11.
  const h = 1e-3;
  let worst = 0;
  for (let seed = 1; seed <= directions; seed++) {
    const direction = spread(parameters.length, seed).map((value) => value / Math.sqrt(parameters.length));
    const at = async (step: number) =>
      (
        await exact.run(
          parameters.map((value, i) => value + step * direction[i]!),
          inputs,
        )
      ).loss;
    const slope = (8 * ((await at(h)) - (await at(-h))) - ((await at(2 * h)) - (await at(-2 * h)))) / (12 * h);
    const given = gradient.reduce((sum, value, i) => sum + value * direction[i]!, 0);
    const norm = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0) / parameters.length);
    worst = Math.max(worst, Math.abs(slope - given) / norm);
  }
  await exact.dispose();
  return worst;
}

/** Random parameters everywhere: some networks begin with branches that are multiplied by 0. */
function lively(network: Network): Float32Array {
  return initialParameters(network, 4).map((value, i) => value + 0.1 * Math.sin(5 * i));
}

function batchOf(network: Network, batch: number, seed: number): Values[] {
  const { inputs } = lossFunction(network, batch);
  return inputs.map(({ name, shape }, index) => {
    if (name === "label") return oneHot(batch, network.classes);
    if (name === "weight") return Float32Array.from({ length: batch }, (_, row) => 0.5 + row / batch);
    return spread(sizeOf(shape), 10 * seed + index + 1);
  });
}

/** Classes in turn; the last row has none. */
function oneHot(batch: number, classes: number): Float32Array {
  const hot = new Float32Array(batch * classes);
  for (let row = 0; row < batch - 1; row++) hot[row * classes + (row % classes)] = 1;
  return hot;
}

function rootMeanSquare(values: Values): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return Math.sqrt(sum / values.length);
}

function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]!));
  return most;
}

function farthest(a: Float32Array, b: Float32Array): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}
