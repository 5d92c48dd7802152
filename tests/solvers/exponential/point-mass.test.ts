import { expect, it } from "vitest";
import { cosine, edm, rectifiedFlow, subVp, ve, vp } from "../../../src/sdes/index.js";
import { gaussianRun } from "../gaussian-run.js";

/**
 * Where all data are one point, D and ε along a path are constants: whoever integrates the linear part and the noise exactly ends on
 * N(α m, σ²) after any number of steps.
 */
const STEPS = 4;
const mean = 0.7;
const specs = [
  ...["ddim", "ddim:eta=0.5", "ddpm", "deis", "lms", "dpm2", "dpm2:eta=0.5", "dpm2:eta=1", "dpm3"],
  ...[
    "dpm++2s",
    "dpm++2s:eta=0.5",
    "dpm++2s:eta=1",
    "dpm++2s:eta=0.5,variant=ancestral",
    "dpm++2s:eta=1,variant=ancestral",
  ],
  ...["dpm++2m", "dpm++3m", "dpm++2m-sde", "dpm++2m-sde:eta=0.5", "unipc", "unipc:order=3"],
  ...[
    "sa-solver",
    "sa-solver:eta=0.5",
    "sa-solver:eta=0",
    "sa-solver:corrector=0",
    "sa-solver:predictor=4,corrector=3",
  ],
];

for (const sde of [vp(), subVp(), ve(), edm(), cosine(), rectifiedFlow()]) {
  it.each(specs)(`${sde.name}: %s`, async (spec) => {
    const end = await gaussianRun(sde, { mean, deviation: 0 }, spec, STEPS, { grid: "log-snr" });
    const [alpha, sigma] = [sde.alpha(sde.tMin), sde.sigma(sde.tMin)];
    // Weights as large as a step's growth of α or ρ cancel in the mean.
    const growth = Math.max(1 / sde.alpha(sde.tMax), sde.sigma(sde.tMax) / sde.alpha(sde.tMax));
    const rounding = 2 ** -52 * 64 * STEPS * growth;
    expect(Math.abs(end.mean - alpha * mean)).toBeLessThan(rounding * mean);
    expect(Math.abs(end.deviation / sigma - 1)).toBeLessThan(rounding);
  });
}
