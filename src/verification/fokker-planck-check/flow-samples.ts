import { rk45 } from "../../../solvers/ode/adaptive-probability-flow.js";
import { kolmogorovSmirnov } from "../../metrics/kolmogorov-smirnov.js";
import { sample } from "../../sampling/sample.js";
import { cellCdf } from "../laws/cell-law.js";
import { outputLaw, perturbedAt } from "../laws/output-law.js";
import type { SampledTest } from "../sampled-family.js";
import { exactStarts } from "./start-samples.js";
import { endingAt, type Subject } from "./subject.js";

/** (c) Samples of the probability flow (rk45, tolerance 1e-6) from p_tMax down to t, against p_t; `run` names their start. */
export async function flowSamples(
  subject: Subject,
  t: number,
  run = 0,
): Promise<{ readonly test: SampledTest; readonly samples: Float64Array }> {
  const { target, flowScore: model, learned, samples: count, seed } = subject;
  const sde = endingAt(subject.sde, t);
  const initial = exactStarts(target, sde, { count, seed, run: 1 + run });
  const solver = rk45.create({ rtol: 1e-6, atol: 1e-6 });
  const { samples } = await sample({ sde, model, solver, samples: count, initial });
  const law = perturbedAt(target, sde, t);
  const own =
    learned === null
      ? null
      : await outputLaw({ sde, target, model, solver, grid: null, start: "exact", denoise: false });
  const label = Number(t.toPrecision(3));
  return {
    samples: samples.data,
    test: {
      name: `flow-samples t=${label}`,
      claim: `${count} samples of the probability flow follow ${own === null ? "p_t" : "the law that the score makes of p_tMax"} at t = ${label} (Kolmogorov–Smirnov)`,
      result: kolmogorovSmirnov(samples.data, own === null ? (x) => law.cdf!(x) : cellCdf(own)),
      statement: 6,
    },
  };
}
