import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import ndarray from "ndarray";
import { createEngine, type Engine, sizeOf } from "../src/engine/index.js";
import { vp } from "../src/sdes/index.js";
import { lossFunction } from "../src/training/loss-function.js";
import { networkInputs } from "../src/training/network-function.js";
import { compileNetwork } from "../src/training/network-model.js";
import { initialParameters } from "../src/training/networks/initial-parameters.js";
import { gradientNorm, initialState, optimise } from "../src/training/optimiser.js";
import { resolveTraining, type TrainSetting } from "../src/training/train-setting.js";
import { batchMaker } from "../src/training/training-batch.js";
import { spread } from "../tests/engine/test-functions.js";
import { type Measured, machine, measure, printTable } from "./measure.js";
import { Peer } from "./peer.js";

/**
 * Training steps, forward passes and sampling of the same networks here and in PyTorch, turn by turn in one run.
 *
 * Usage: npm run build && npx tsx bench/pytorch.ts [--threads 2] [--rounds 7] [--seconds 0.5] [--python path/to/python3] [--only "Euler"]
 */
const { values: given } = parseArgs({
  options: {
    threads: { type: "string", default: "1" },
    rounds: { type: "string", default: "7" },
    /** Of one turn. */
    seconds: { type: "string", default: "0.5" },
    python: { type: "string", default: "python3" },
    /** Contests whose title contains this. */
    only: { type: "string", default: "" },
  },
});
const [threads, rounds, seconds] = [given.threads, given.rounds, given.seconds].map(Number) as [number, number, number];
const { python, only } = given;

/**
 * PyTorch's processes, one of each for every contest: what a process did before decides how dear its memory is.
 *
 * glibc gives freed arrays of 2 MB back to the system until a larger one was freed, and every new one faults page by page.
 */
const PEERS: readonly (readonly [name: string, variables: Readonly<Record<string, string>>])[] = [
  ["pytorch", {}],
  [
    "pytorch, kept memory",
    {
      MALLOC_MMAP_THRESHOLD_: String(2 ** 30),
      MALLOC_TRIM_THRESHOLD_: String(2 ** 30),
      MALLOC_TOP_PAD_: String(2 ** 26),
    },
  ],
];

type Question = Readonly<Record<string, unknown>>;

interface Contest {
  readonly label: string;
  /** Which peer task: step, forward or sample. */
  readonly task: "step" | "forward" | "sample";
  readonly batch: number;
  readonly own: readonly { readonly name: string; run(): Promise<Measured> }[];
}

/** Milliseconds between turns: threads of the side whose turn ended spin for a while (200 ms in PyTorch) and would hold a core. */
const REST = 400;

const sde = vp();
const STEPS = 1000;

/** Random parameters everywhere, so that no branch of a network is multiplied by a zero. */
function lively(setting: TrainSetting): Float32Array {
  return initialParameters(setting.network, 0).map((value, index) => value + 0.02 * Math.sin(index));
}

/** Whole steps: batch, loss and gradient, clipping, Adam, average. */
async function trainingStep(engine: Engine, setting: TrainSetting) {
  const batches = batchMaker(setting);
  const program = await engine.compileGradient(lossFunction(setting.network, setting.batch));
  const state = initialState(lively(setting));
  let step = 0;
  return async () => {
    const { inputs } = batches.training(step);
    const { gradient } = await program.run(state.parameters, inputs);
    optimise(state, gradient, gradientNorm(gradient), step++, 1e6, setting.optimiser);
  };
}

async function forwardPass(engine: Engine, setting: TrainSetting, batch: number) {
  const program = await compileNetwork(engine, setting.network, batch, lively(setting));
  const inputs = [spread(batch * sizeOf(setting.network.shape), 1), spread(batch, 2)];
  return () => program.run(inputs);
}

function settingOf(network: "mlp" | "unet", batch: number): TrainSetting {
  const shape = network === "mlp" ? [65_536, 2] : [2048, 16, 16, 1];
  const values = Float64Array.from(spread(sizeOf(shape), 5));
  return resolveTraining({ sde, data: ndarray(values, shape), network, batch, standardise: false });
}

async function contests(engines: readonly Engine[], network: "mlp" | "unet", sampler: Peer): Promise<Contest[]> {
  const all: Contest[] = [];
  const add = async (
    task: "step" | "forward",
    batch: number,
    label: string,
    makers: readonly (readonly [name: string, make: () => Promise<() => Promise<unknown>>])[],
  ) => {
    if (!label.includes(only)) return;
    const own: { name: string; run(): Promise<Measured> }[] = [];
    for (const [name, make] of makers) {
      const work = await make();
      for (let warm = 0; warm < 3; warm++) await work();
      own.push({ name, run: () => measure(work, seconds) });
    }
    all.push({ label, task, batch, own });
  };
  for (const batch of network === "mlp" ? [512, 4096] : [16, 64]) {
    const each = (make: (engine: Engine) => Promise<() => Promise<unknown>>) =>
      engines.map((engine) => [engine.name, () => make(engine)] as const);
    await add(
      "step",
      batch,
      `${network}, training step, batch ${batch}`,
      each((engine) => trainingStep(engine, settingOf(network, batch))),
    );
    await add(
      "forward",
      batch,
      `${network}, forward, batch ${batch}`,
      each((engine) => forwardPass(engine, settingOf(network, batch), batch)),
    );
  }
  const label = `${network}, ${STEPS} Euler–Maruyama steps of 4096 × 2`;
  if (network === "mlp" && label.includes(only)) {
    const own = (threads === 1 ? [1] : [threads, 1]).map((workers) => {
      const question = { do: "sample", batch: 4096, steps: STEPS, workers };
      return { name: `onnx, ${workers} worker(s)`, run: () => sampler.measure(question) };
    });
    all.push({ label, task: "sample", batch: 4096, own });
  }
  return all;
}

/** What PyTorch is given of a network, and the sampler beside it. Throws unless PyTorch computes the same. */
async function prepare(sampler: Peer, engine: Engine, network: "mlp" | "unet", folder: string): Promise<Question> {
  const setting = settingOf(network, 16);
  const path = join(folder, `${network}.bin`);
  const parameters = lively(setting);
  writeFileSync(path, new Uint8Array(parameters.buffer));
  const spreadOfData = setting.preconditioning.dataStandardDeviation;
  if (network === "mlp") await sampler.ask({ do: "prepare", parameters: path, spread: spreadOfData });
  const question = {
    do: "prepare",
    network,
    parameters: path,
    threads,
    shape: network === "mlp" ? [2] : [1, 16, 16],
    spread: spreadOfData,
    levels: [-sde.logSnr(sde.tMin) / 4, -sde.logSnr(sde.tMax) / 4],
    logSnr: [sde.logSnr(sde.tMax), sde.logSnr(sde.tMin)],
  };
  const program = await compileNetwork(engine, setting.network, 4, parameters);
  const inputs = networkInputs(setting.network, 4).map(({ shape }, index) => spread(sizeOf(shape), 3 + index));
  const [mine] = await program.run(inputs);
  const peer = new Peer(python, "pytorch-peer.py");
  await peer.ask(question);
  const { output } = await peer.ask({ do: "check", x: Array.from(inputs[0]!), level: Array.from(inputs[1]!) });
  peer.close();
  const size = Math.max(...mine!.map(Math.abs));
  const difference = Math.max(
    ...Array.from(mine!, (value, index) => Math.abs(value - (output?.[index] ?? Number.NaN))),
  );
  if (!(difference < 1e-4 * size)) throw new Error(`${network}: differs from PyTorch by ${difference} of ${size}`);
  return question;
}

const milliseconds = ({ runs, wall, cpu }: Measured) => ({ wall: (1000 * wall) / runs, cpu: (1000 * cpu) / runs });

function middleOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

function spreadOf(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, middle, high] = [sorted[0]!, sorted[sorted.length >> 1]!, sorted.at(-1)!];
  return [low, middle, high].map((value) => value.toPrecision(3)).join(" / ");
}

/** One contest: every side in turn, first in one order, then in the other. */
async function hold(given: Question, { label, task, batch, own }: Contest): Promise<void> {
  const peers = PEERS.map(([name, variables]) => ({ name, peer: new Peer(python, "pytorch-peer.py", variables) }));
  for (const { peer } of peers) await peer.ask(given);
  const question = { do: task, batch, steps: STEPS, seconds };
  const theirs = peers.map(({ name, peer }) => ({ name, run: () => peer.measure(question) }));
  const sides = [...own, ...theirs];
  const times = new Map(sides.map(({ name }) => [name, { wall: [] as number[], cpu: [] as number[] }]));
  for (const { run } of theirs) await run();
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of round % 2 === 0 ? sides : sides.toReversed()) {
      await setTimeout(REST);
      const { wall, cpu } = milliseconds(await run());
      times.get(name)!.wall.push(wall);
      times.get(name)!.cpu.push(cpu);
    }
  }
  for (const { peer } of peers) peer.close();
  const ratios = (name: string, clock: "wall" | "cpu", mine: readonly number[]) =>
    spreadOf(mine.map((value, round) => times.get(name)![clock][round]! / value));
  printTable(
    [label, "wall ms", "CPU ms", ...PEERS.flatMap(([name]) => [`${name} / it, wall`, "CPU"])],
    Array.from(times, ([name, { wall, cpu }]) => [
      name,
      middleOf(wall),
      middleOf(cpu),
      ...PEERS.flatMap(([peer]) => [ratios(peer, "wall", wall), ratios(peer, "cpu", cpu)]),
    ]),
  );
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "pytorch-"));
  const sampler = new Peer(process.execPath, "sampling-peer.mjs");
  try {
    const engines: Engine[] = [];
    for (const engine of ["onnx", "tensorflow", "wasm"] as const) {
      try {
        engines.push(await createEngine({ engine, threads }));
      } catch (error) {
        console.log(error instanceof Error ? error.message : String(error));
      }
    }
    console.log(`${machine()}, ${threads} thread(s), ${rounds} rounds; medians, and ratios least / median / greatest`);
    for (const network of ["mlp", "unet"] as const) {
      const question = await prepare(sampler, engines[0]!, network, folder);
      for (const contest of await contests(engines, network, sampler)) await hold(question, contest);
    }
    for (const engine of engines) await engine.dispose();
  } finally {
    sampler.close();
    rmSync(folder, { recursive: true });
  }
}

await main();
