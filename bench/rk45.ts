import { fillNormal } from "../solvers/noise/normal.js";
import { sample } from "../src/sampling/sample.js";
import { exactScore } from "../src/scores/exact-score.js";
import { vp } from "../src/sdes/index.js";
import { mixture } from "../src/targets/index.js";
import { exactTransport } from "../src/verification/exact-transport.js";
import { least, machine, printTable, python, timed } from "./measure.js";

/** RK45 on the probability flow of a 3-mode mixture, against scipy's solve_ivp on one flattened system. */

const law = { weights: [0.3, 0.5, 0.2], means: [-2, 0.5, 2], standardDeviations: [0.3, 0.4, 0.25] };
const sde = vp();
const target = mixture(law);
const model = exactScore(target, sde);
const [samples = 4096, rounds = 5] = process.argv.slice(2).map(Number);
const rtol = 1e-5;

const start = new Float64Array(samples);
fillNormal({ seed: 0, stream: "sampler" }, 0, start);
const truth = exactTransport(target, sde, sde.tMax, sde.tMin)?.(start) ?? start;

interface Errors {
  readonly rms: number;
  readonly largest: number;
}

function errorsOf(end: ArrayLike<number>): Errors {
  const gaps = Array.from(truth, (x, i) => Math.abs(x - end[i]!));
  return {
    rms: Math.sqrt(gaps.reduce((sum, gap) => sum + gap * gap, 0) / gaps.length),
    largest: gaps.reduce((most, gap) => Math.max(most, gap), 0),
  };
}

const variants = [
  { name: "score-sde, each sample its own step", control: "sample" },
  { name: "score-sde, one step for all", control: "shared" },
] as const;

const own = variants.map(() => [] as number[]);
const peers: number[] = [];
const rows: (string | number)[][] = [];
const ends = new Map<string, { readonly end: ArrayLike<number>; readonly evaluations: number }>();
const draw = (control: "sample" | "shared") =>
  sample({ sde, model, solver: "rk45", rtol, atol: rtol, control, samples, initial: start });
for (let warmUp = 0; warmUp < 5; warmUp++) for (const { control } of variants) await draw(control);
for (let round = 0; round < rounds; round++) {
  for (const [k, { name, control }] of variants.entries()) {
    // As often as the peer in its process, where the compiler needs no time.
    const runs = [];
    for (let repeat = 0; repeat < 3; repeat++) runs.push(await timed(() => draw(control)));
    const { value } = runs[0]!;
    own[k]!.push(least(runs.map(({ cpu }) => cpu)));
    ends.set(name, { end: value.samples.data, evaluations: value.evaluations });
  }
  const { weights, means, standardDeviations: deviations } = law;
  const peer = python("rk45.py", { start: Array.from(start), rtol, weights, means, deviations, repeats: 3 });
  if (peer === null) continue;
  peers.push(peer.cpu);
  ends.set("scipy solve_ivp, flattened", { end: peer.end ?? [], evaluations: peer.evaluations ?? 0 });
}
for (const [name, { end, evaluations }] of ends) {
  const k = variants.findIndex((variant) => variant.name === name);
  const cpu = least(k < 0 ? peers : own[k]!);
  const { rms, largest } = errorsOf(end);
  rows.push([name, 1000 * cpu, peers.length === 0 ? "–" : least(peers) / cpu, evaluations, rms, largest]);
}
console.log(`${machine()}; ${samples} samples, rtol = atol = ${rtol}\n`);
printTable(["probability flow, VP", "CPU ms", "scipy / it", "evaluations", "RMS error", "largest"], rows);
