import { vp } from "../src/sdes/index.js";
import { toy } from "../src/targets/index.js";
import { exactLaw } from "../src/verification/exact-law.js";
import { machine, printTable, timed } from "./measure.js";

/** Exact laws of samplers on the trimodal law: time of one law, without a random number. */

const sde = vp();
const target = toy("trimodal");
const cases = [
  ["em", 1000],
  ["em", 100],
  ["stochastic-heun", 100],
  ["ode-heun", 100],
  ["ddim", 100],
] as const;
const rows: (string | number)[][] = [];
for (const [solver, steps] of cases) {
  const { cpu, wall, value } = await timed(() => exactLaw({ sde, target, solver, steps }));
  rows.push([`${solver}, ${steps} steps`, cpu, wall, value.w1 ?? Number.NaN, value.w2, Math.abs(value.mass - 1)]);
}
console.log(`${machine()}\n`);
printTable(["exact law, trimodal, VP", "CPU s", "wall s", "W1", "W2", "|mass − 1|"], rows);
