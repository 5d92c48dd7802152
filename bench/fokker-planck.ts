// Time of the Fokker–Planck solver, 800 cells × 800 steps and the default run; exits with 1 above 0.3 s.
// Run: npx tsx bench/fokker-planck.ts [repeats, 5]

import { exactScore } from "../src/scores/exact-score.js";
import { vp } from "../src/sdes/index.js";
import { mixture } from "../src/targets/index.js";
import { fokkerPlanck, reverseFokkerPlanck } from "../src/verification/fokker-planck/index.js";

const LIMIT = 0.3;
const repeats = Number(process.argv[2] ?? 5);
const sde = vp();
const initial = mixture({ weights: [0.3, 0.5, 0.2], means: [-2, 0.5, 2], standardDeviations: [0.3, 0.4, 0.25] });
const score = exactScore(initial, sde);
const grid = { cells: 800, domain: [-7.5, 7.5], steps: 800, times: [1] } as const;

/** Best of a few runs, in seconds: others may be using the machine. */
async function seconds(run: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let k = 0; k < repeats; k++) {
    const started = performance.now();
    await run();
    best = Math.min(best, (performance.now() - started) / 1000);
  }
  return best;
}

async function main(): Promise<void> {
  let isSlow = false;
  for (const scheme of ["tr-bdf2", "crank-nicolson", "implicit-euler"] as const) {
    for (const clock of ["tau", "t"] as const) {
      const taken = await seconds(() => fokkerPlanck({ sde, initial, scheme, clock, ...grid }));
      isSlow ||= taken > LIMIT;
      console.log(`forward, 800 × 800, ${scheme.padEnd(14)} in ${clock.padEnd(3)}  ${taken.toFixed(3)} s`);
    }
  }
  const reverse = { sde, score, start: initial, ...grid, times: [1e-3] };
  console.log(
    `reverse, 800 × 800, exact score          ${(await seconds(() => reverseFokkerPlanck(reverse))).toFixed(3)} s`,
  );
  console.log(
    `forward, all defaults                    ${(await seconds(() => fokkerPlanck({ sde, initial }))).toFixed(3)} s`,
  );
  console.log(
    `reverse, all defaults                    ${(await seconds(() => reverseFokkerPlanck({ sde, score }))).toFixed(3)} s`,
  );
  if (isSlow) {
    console.error(`slower than ${LIMIT} s`);
    process.exitCode = 1;
  }
}

void main();
