import { compare } from "../src/experiments/compare.js";
import { COMPARE_DEFAULTS } from "../src/experiments/compare-config.js";
import { vp } from "../src/sdes/index.js";
import { toy } from "../src/targets/index.js";
import { machine, printTable, timed } from "./measure.js";

/** The default comparison: seven solvers on the trimodal law, five repeats of 4096 samples each, with exact laws and budgets. */

const rows: (string | number)[][] = [];
for (const exact of [true, false]) {
  const { cpu, wall, value } = await timed(() =>
    compare({ sde: vp(), target: toy("trimodal"), solvers: COMPARE_DEFAULTS.solvers, exact }),
  );
  const sampling = value.result.runs.reduce((sum, { seconds }) => sum + seconds, 0);
  rows.push([exact ? "with exact laws" : "sampled alone", value.result.runs.length, cpu, wall, sampling]);
}
console.log(`${machine()}\n`);
printTable(["default compare", "rows", "CPU s", "wall s", "of it sampling, wall s"], rows);
