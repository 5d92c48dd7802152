import { performance } from "node:perf_hooks";
import { wasserstein2 } from "../src/metrics/index.js";
import { sample } from "../src/sampling/sample.js";
import { createSde } from "../src/sdes/index.js";
import { createTarget } from "../src/targets/index.js";
import { train } from "../src/training/index.js";

/**
 * Learned score → truth: trains with default settings and holds probability-flow samples against the data law.
 * Argument: training steps.
 */
async function main(): Promise<void> {
  const steps = Number(process.argv[2] ?? 5000);
  for (const [sdeName, targetName] of [
    ["vp", "bimodal"],
    ["ve", "bimodal"],
    ["vp", "trimodal"],
    ["ve", "trimodal"],
  ] as const) {
    const sde = await createSde(sdeName);
    const target = createTarget(targetName);
    const { modes } = target;
    if (modes === undefined || target.dimension !== 1) throw new Error("needs a law with modes on the line");
    const begun = performance.now();
    const { model, history } = await train({ sde, data: target, steps });
    const seconds = (performance.now() - begun) / 1000;
    const count = 4096;
    const distances: number[] = [];
    const floors: number[] = [];
    const weights = new Float64Array(modes.weights.length);
    const repeats = 4;
    for (let run = 0; run < repeats; run++) {
      const { samples } = await sample({
        sde,
        model,
        solver: "ode-heun",
        grid: "log-snr",
        steps: 60,
        samples: count,
        run,
      });
      distances.push(wasserstein2(samples.data, target));
      floors.push(wasserstein2(target.sample({ count, seed: 0, run, stream: "floor" }).data, target));
      const each = new Float64Array(count * weights.length);
      modes.responsibilities(samples.data, count, each);
      for (const [i, share] of each.entries()) weights[i % weights.length]! += share / (count * repeats);
    }
    const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
    const errors = history.flatMap(({ scoreError }) =>
      scoreError === null ? [] : [mean(scoreError.map(({ value }) => value))],
    );
    const off = Math.max(...weights.map((weight, k) => Math.abs(weight - modes.weights[k]!)));
    console.log(
      `${sdeName} ${targetName}: ${seconds.toFixed(0)} s, W2 ${mean(distances).toFixed(4)} floor ${mean(floors).toFixed(4)} ratio ${(mean(distances) / mean(floors)).toFixed(2)}, mode weights off by ${off.toFixed(4)}, score error ${errors.map((e) => e.toExponential(1)).join(" ")}`,
    );
    await model.dispose();
  }
}

await main();
