import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { estimate, metricSuite } from "../src/metrics/index.js";
import { sample } from "../src/sampling/sample.js";
import { createSde } from "../src/sdes/index.js";
import { createTarget } from "../src/targets/index.js";
import { type TrainOptions, train } from "../src/training/index.js";

const COUNT = 4096;
const REPEATS = 4;
const PROBLEMS = [
  "vp bimodal",
  "ve bimodal",
  "vp trimodal",
  "ve trimodal",
  "vp eight-gaussians",
  "ve eight-gaussians",
  "vp two-moons",
  "ve two-moons",
];

/**
 * Learned score → truth: trains with default settings and holds probability-flow samples against the data law.
 *
 * Options: --problems "vp bimodal,ve two-moons" --seeds 0,1,2, and steps, network, recipe, batch, learningRate, average,
 * threads of `train`.
 */
async function main(): Promise<void> {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: {
      problems: text,
      seeds: text,
      steps: text,
      network: text,
      recipe: text,
      batch: text,
      learningRate: text,
      average: text,
      threads: text,
    },
  });
  const { problems = PROBLEMS.join(","), seeds = "0", network, recipe, ...numbers } = values;
  const options: Partial<TrainOptions> = {
    ...(network === undefined ? {} : { network }),
    ...(recipe === undefined ? {} : { recipe }),
    ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Number(value)])),
  };
  console.log(`${COUNT} samples, ${REPEATS} repeats, ode-heun on 60 steps of the log-snr grid; W2 sliced in the plane`);
  for (const problem of problems.split(",")) {
    for (const seed of seeds.split(",")) await measure(problem, Number(seed), options);
  }
}

async function measure(problem: string, seed: number, options: Partial<TrainOptions>): Promise<void> {
  const [sdeName = "", targetName = ""] = problem.split(" ");
  const sde = await createSde(sdeName);
  const target = createTarget(targetName);
  const begun = performance.now();
  const cpu = process.cpuUsage();
  const { model, history } = await train({ sde, data: target, seed, ...options });
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const distance = target.dimension === 1 ? "w2" : "slicedW2";
  const names = [distance, ...(target.modes === undefined ? [] : ["modeWeights"])];
  const suite = await metricSuite(target, { count: COUNT, names, seed, repeats: 16 });
  const figures: Record<string, number>[] = [];
  for (let run = 0; run < REPEATS; run++) {
    const setting = { sde, model, solver: "ode-heun", grid: "log-snr", steps: 60, samples: COUNT, seed, run };
    figures.push(suite.measure((await sample(setting)).samples.data));
  }
  await model.dispose();
  const w2 = estimate(figures.map((figure) => figure[distance]!)).value;
  const floor = suite.floor[distance]!.value;
  const errors = history.flatMap(({ scoreError }) =>
    scoreError === null ? [] : [estimate(scoreError.map(({ value }) => value)).value],
  );
  const weights =
    target.modes === undefined
      ? ""
      : `, mode weights off by ${estimate(figures.map((f) => f.modeWeights!)).value.toFixed(4)}`;
  console.log(
    `${problem} seed ${seed}: ${seconds.toFixed(0)} s (CPU ${((user + system) / 1e6).toFixed(0)}), W2 ${w2.toFixed(4)} floor ${floor.toFixed(4)} ratio ${(w2 / floor).toFixed(2)}${weights}, score error ${errors.map((error) => error.toExponential(1)).join(" ")}`,
  );
}

await main();
