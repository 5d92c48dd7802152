import { afterAll, describe, expect, it } from "vitest";
import type { FunctionSpec, Tensor, TensorFlow } from "../../src/engine/index.js";
import { enginesHere } from "./engines-here.js";
import { spread } from "./test-functions.js";

const engines = await enginesHere();
afterAll(() => Promise.all(engines.map((engine) => engine.dispose())));

type Images = Parameters<TensorFlow["conv2d"]>[0];
const shape = [2, 4, 3, 2];

/** Linear maps of images whose gradients stock TensorFlow.js gets wrong (batch > 1, height ≠ width, windows cut by padding), and one that it gets right. */
const maps: Readonly<Record<string, (tf: TensorFlow, x: Images) => Tensor>> = {
  "nearest, ×2": (tf, x) => tf.image.resizeNearestNeighbor(x, [8, 6]),
  "nearest, smaller": (tf, x) => tf.image.resizeNearestNeighbor(x, [3, 2]),
  "nearest, half-pixel centres": (tf, x) => tf.image.resizeNearestNeighbor(x, [7, 5], false, true),
  bilinear: (tf, x) => tf.image.resizeBilinear(x, [7, 6]),
  "average pool, same": (tf, x) => tf.avgPool(x, 3, 2, "same"),
  "average pool, overlapping": (tf, x) => tf.avgPool(x, 3, 1, "valid"),
  "convolution, stride 2": (tf, x) => tf.conv2d(x, tf.reshape(tf.linspace(-1, 1, 36), [3, 3, 2, 2]), 2, "same"),
};

describe.each(engines)("$name", (engine) => {
  it.each(Object.entries(maps))("%s: the gradient of ½‖Ax‖² is its central difference", async (name, map) => {
    const energy = (tf: TensorFlow, x: Tensor): Tensor => tf.mul(0.5, tf.sum(tf.square(map(tf, x as Images))));
    const spec = (build: FunctionSpec["build"]): FunctionSpec => ({ name, inputs: [{ name: "x", shape }], build });
    const value = await engine.compile(spec((tf, [x]) => [energy(tf, x!)]));
    const slope = await engine.compile(spec((tf, [x]) => [tf.grad((y: Tensor) => energy(tf, y))(x!)]));
    const x = spread(48, 5);
    const [gradient] = await slope.run([x]);
    const [[here] = []] = await value.run([x]);
    for (let i = 0; i < x.length; i++) {
      // A quadratic has no truncation error at step 1; the energies (≤ 4·here + 36 after the step) are sums of fewer than 200 rounded squares.
      const [[up] = [], [down] = []] = [
        (await value.run([x.with(i, x[i]! + 1)]))[0],
        (await value.run([x.with(i, x[i]! - 1)]))[0],
      ];
      const bound = 2 * 200 * 2 ** -24 * (4 * here! + 36);
      expect(Math.abs(gradient![i]! - (up! - down!) / 2)).toBeLessThan(bound);
    }
    await Promise.all([value.dispose(), slope.dispose()]);
  });
});
