import { writeFileSync } from "node:fs";
import { solvers } from "../solvers/registry.js";
import { converge } from "../src/experiments/converge.js";
import { CONVERGE_DEFAULTS } from "../src/experiments/converge-config.js";
import { edm, vp } from "../src/sdes/index.js";
import { gaussian } from "../src/targets/index.js";

/** Measures the order of every solver on a grid as `score-sde converge` does, and writes the certificates that `list` shows. */

const target = gaussian({ mean: 0.7, standardDeviation: 0.5 });
/** Tried in this order: methods of high order show it on smooth grids, others with small steps only, others on paths alone. */
const SETTINGS = [
  { steps: CONVERGE_DEFAULTS.steps },
  { steps: [10, 20, 40, 80, 160], grid: "log-snr" },
  { steps: [320, 640, 1280, 2560] },
  { steps: [160, 320, 640, 1280], grid: "log-snr" },
  { sde: edm(), steps: CONVERGE_DEFAULTS.steps, grid: "karras" },
  { steps: [20, 40, 80, 160, 320], grid: "log-snr", kind: "strong", samples: 2000 },
] as const;
const certificates = new Map<string, string>();
for (const setting of SETTINGS) {
  // A solver without an order (a bias that stays) has none to certify.
  const open = solvers.filter(({ name, order }) => order > 0 && !certificates.has(name)).map(({ name }) => name);
  const { rows } = await converge({ sde: vp(), target, solvers: open, ...setting });
  for (const { solver, verdict, statement } of rows) {
    console.log(`${solver}: ${statement}`);
    if (verdict === "certified") certificates.set(solver, statement);
  }
}
const entries = solvers.flatMap(({ name }) => {
  const statement = certificates.get(name);
  return statement === undefined ? [] : [`  ${JSON.stringify(name)}: ${JSON.stringify(statement)},\n`];
});
writeFileSync(
  new URL("../src/experiments/certificates.generated.ts", import.meta.url),
  `// Written by bench/certify.ts.\n/** Certificates of order of \`converge\`, by the name of the solver with its default options. */\nexport const CERTIFICATES: Readonly<Record<string, string>> = {\n${entries.join("")}};\n`,
);
