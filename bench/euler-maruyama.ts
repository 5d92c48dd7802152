import { sample } from "../src/sampling/sample.js";
import { exactScore } from "../src/scores/exact-score.js";
import { vp } from "../src/sdes/index.js";
import { mixture } from "../src/targets/index.js";
import { least, machine, printTable, python, timed } from "./measure.js";

/** Euler–Maruyama on the exact score of an 8-mode mixture in the plane: speed against NumPy, linearity, allocation, memory. */

const DEVIATION = 0.2;
const means = Array.from({ length: 8 }, (_, k) => [2 * Math.cos((k * Math.PI) / 4), 2 * Math.sin((k * Math.PI) / 4)]);
const target = mixture({
  weights: new Array<number>(8).fill(1 / 8),
  means,
  standardDeviations: new Array<number>(8).fill(DEVIATION),
});
const sde = vp();
const model = exactScore(target, sde);

function run(samples: number, steps: number, onStep?: () => void) {
  return sample({ sde, model, solver: "em", samples, steps, ...(onStep === undefined ? {} : { onStep }) });
}

async function speed(samples: number, steps: number, rounds: number): Promise<void> {
  const rate = (cpu: number) => (samples * steps) / cpu / 1e6;
  const own: number[] = [];
  const peers = new Map<string, number[]>(["whole arrays", "blocks of 1024 rows"].map((name) => [name, []]));
  await run(1024, 50);
  for (let round = 0; round < rounds; round++) {
    own.push((await timed(() => run(samples, steps))).cpu);
    for (const [name, times] of peers) {
      const block = name === "whole arrays" ? samples : 1024;
      const peer = python("euler-maruyama.py", { samples, steps, means, deviation: DEVIATION, block });
      if (peer !== null) times.push(peer.cpu);
    }
  }
  const mine = rate(least(own));
  printTable(
    [`${samples} samples × ${steps} steps`, "CPU s", "million sample·steps/s", "score-sde / it"],
    [
      ["score-sde", least(own), mine, "1"],
      ...Array.from(peers, ([name, times]) =>
        times.length === 0
          ? [`NumPy, ${name}`, "–", "–", "–"]
          : [`NumPy, ${name}`, least(times), rate(least(times)), mine / rate(least(times))],
      ),
    ],
  );
}

async function linearity(): Promise<void> {
  const cases = [
    [16_384, 20],
    [131_072, 20],
    [1_048_576, 20],
    [16_384, 200],
    [16_384, 1000],
  ] as const;
  const rows: (string | number)[][] = [];
  for (const [samples, steps] of cases) {
    const { cpu } = await timed(() => run(samples, steps));
    rows.push([`${samples} samples × ${steps} steps`, cpu, (1e9 * cpu) / samples / steps]);
  }
  printTable(["linearity", "CPU s", "ns per sample·step"], rows);
}

/** What the heap grows by in a step of one chunk, summed over steps without a collection in between, beside the bytes of a state. */
async function allocation(): Promise<void> {
  const samples = 1024;
  let last = 0;
  let grown = 0;
  let steps = 0;
  await run(samples, 400, () => {
    const { heapUsed } = process.memoryUsage();
    if (last > 0 && heapUsed >= last) {
      grown += heapUsed - last;
      steps++;
    }
    last = process.memoryUsage().heapUsed;
  });
  printTable(
    ["allocation", "bytes"],
    [
      ["heap growth per step of 1024 rows", grown / steps],
      ["one state of 1024 rows", samples * 2 * 8],
    ],
  );
}

async function memory(): Promise<void> {
  const samples = 1_048_576;
  const before = process.memoryUsage().arrayBuffers;
  let peak = 0;
  await run(samples, 2, () => {
    peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
  });
  printTable(["memory", "states"], [[`peak of typed arrays at ${samples} samples`, peak / (samples * 2 * 8)]]);
}

const [rounds = 3, steps = 1000] = process.argv.slice(2).map(Number);
console.log(`${machine()}\n`);
await speed(16_384, steps, rounds);
await linearity();
await allocation();
await memory();
