import { afterAll, describe, expect, it } from "vitest";
import { createEngine, type Engine, EngineError, type EngineName } from "../../src/engine/index.js";
import { vp } from "../../src/sdes/index.js";
import { networkModel } from "../../src/training/network-model.js";
import { initialParameters } from "../../src/training/networks/initial-parameters.js";
import { createNetwork } from "../../src/training/networks/registry.js";
import { preconditioning } from "../../src/training/preconditioning.js";

const engines: Engine[] = [];
for (const engine of ["onnx", "wasm", "cpu"] satisfies EngineName[]) {
  try {
    engines.push(await createEngine({ engine }));
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    console.warn(`skipped: ${error.message}`);
  }
}
afterAll(() => Promise.all(engines.map((engine) => engine.dispose())));

const CASES: readonly [string, readonly number[]][] = [
  ["mlp", [2]],
  ["mlp:width=40,embedding=fourier,frequencies=3", [3]],
  ["residual-mlp:width=24,frequencies=5", [2]],
  ["unet:channels=8,levels=2,frequencies=5", [4, 4, 1]],
  ["transformer:width=16,depth=1,heads=2,patch=2", [4, 4, 1]],
];

// A solver on a grid asks for one time of all rows, an adaptive one for many: a sample must not depend on which.
describe.each(CASES)("%s", (spec, shape) => {
  for (const engine of engines) {
    it(`gives a row the same bits whether others share its time, on ${engine.name}`, async () => {
      const sde = vp();
      const network = createNetwork(spec, { shape, classes: 0 });
      expect(network.sharesLevel).toBe(true);
      const parameters = initialParameters(network, 3).map((value, i) => value + 0.1 * Math.sin(5 * i));
      const scheme = preconditioning({ name: "edm", sde, predicts: "data", dataStandardDeviation: 0.5 });
      const trained = { sde, network, preconditioning: scheme, parameters, standardisation: null };
      const model = await networkModel(trained, { engine, chunk: 32 });
      const count = 40;
      const x = Float64Array.from({ length: count * model.dimension }, (_, i) => Math.sin(1.7 * i));
      for (const t of [0.013, 0.4, 0.97]) {
        const together = new Float64Array(x.length);
        const mixed = new Float64Array(x.length);
        await model.evaluate({ x, times: new Float64Array(count).fill(t), count }, together);
        const own = (row: number) => row % 3 !== 1;
        const times = Float64Array.from({ length: count }, (_, row) => (own(row) ? t : 0.2 + row / 100));
        await model.evaluate({ x, times, count }, mixed);
        const { dimension } = model;
        let same = 0;
        for (let i = 0; i < x.length; i++) {
          if (own(Math.floor(i / dimension))) expect(mixed[i]).toBe(together[i]);
          else if (mixed[i] === together[i]) same++;
        }
        expect(same).toBeLessThan(x.length / 10);
      }
      await model.dispose();
    });
  }
});
